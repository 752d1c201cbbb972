"""Volumes that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sidecarlib import Projection, Volume
from tests.cluster.refusals.case import Case, Json, raw_volume, sidecar


def cases() -> Iterator[Case]:
    """Names, sources, and the files in them."""
    yield from _volumes()
    yield from _sources()
    yield from _files()


def _volumes() -> Iterator[Case]:
    for name in ("", "UPPER", "a" * 64, "a.b"):
        yield Case(
            name=f"volume name {name!r}",
            ours=lambda name=name: Volume.empty_dir(name),  # type: ignore[misc]
            theirs=raw_volume(name, emptyDir={}),
        )
    yield Case(
        name="negative size of a volume",
        ours=lambda: Volume.empty_dir("v", size_limit="-1Mi"),
        theirs=raw_volume(emptyDir={"sizeLimit": "-1Mi"}),
    )
    for mode in (0o1000, -1):
        yield Case(
            name=f"mode {mode} of a file",
            ours=lambda mode=mode: Volume.config_map("v", config_map="a", default_mode=mode),  # type: ignore[misc]
            theirs=raw_volume(configMap={"name": "a", "defaultMode": mode}),
        )
    token: Json = {"path": "token", "expirationSeconds": 60}
    yield Case(
        name="life of a token",
        ours=lambda: Projection.service_account_token("token", expiration_seconds=60),
        theirs=raw_volume(projected={"sources": [{"serviceAccountToken": token}]}),
    )
    yield Case(
        name="secret volume without a secret's key",
        ours=lambda: Volume.secret("v", secret="a", items={"": "path"}),
        theirs=raw_volume(secret={"secretName": "a", "items": [{"key": "", "path": "path"}]}),
    )


def _sources() -> Iterator[Case]:
    table: tuple[tuple[str, dict[str, Any], Json], ...] = (
        ("host_path", {"path": "/a", "type": "Folder"}, {"hostPath": {"path": "/a", "type": "Folder"}}),
        ("host_path", {"path": "/a/../b"}, {"hostPath": {"path": "/a/../b"}}),
        ("csi", {"driver": "a b"}, {"csi": {"driver": "a b"}}),
        ("csi", {"driver": ""}, {"csi": {"driver": ""}}),
        ("nfs", {"server": "a", "path": "b"}, {"nfs": {"server": "a", "path": "b"}}),
        ("nfs", {"server": "", "path": "/b"}, {"nfs": {"server": "", "path": "/b"}}),
        ("image", {"reference": ""}, {"image": {"reference": ""}}),
        ("image", {"reference": "a", "pull_policy": "Now"}, {"image": {"reference": "a", "pullPolicy": "Now"}}),
        ("downward_api", {"fields": {"a": "spec.nodeName"}}, _downward("a", "spec.nodeName")),
        ("downward_api", {"fields": {"/a": "metadata.name"}}, _downward("/a", "metadata.name")),
    )
    for kind, ours, theirs in table:
        yield Case(
            name=f"{kind} {ours}",
            ours=lambda kind=kind, ours=ours: getattr(Volume, kind)("v", **ours),  # type: ignore[misc]
            theirs=raw_volume(**theirs),
        )
    both = {"emptyDir": {}, "hostPath": {"path": "/a"}}
    yield Case(name="two sources", ours=lambda: Volume(name="v", source=both), theirs=raw_volume(**both))


def _downward(path: str, field: str) -> Json:
    return {"downwardAPI": {"items": [{"path": path, "fieldRef": {"fieldPath": field}}]}}


def _files() -> Iterator[Case]:
    for path in ("/absolute", "../outside", ""):
        items = [{"key": "a", "path": path}]
        yield Case(
            name=f"path {path!r} in a volume",
            ours=lambda path=path: Volume.config_map("v", config_map="a", items={"a": path}),  # type: ignore[misc]
            theirs=raw_volume(configMap={"name": "a", "items": items}),
        )
        yield Case(
            name=f"path {path!r} in a projection",
            ours=lambda path=path: Projection.secret("a", items={"a": path}),  # type: ignore[misc]
            theirs=raw_volume(projected={"sources": [{"secret": {"name": "a", "items": items}}]}),
        )
        token = {"path": path, "expirationSeconds": 600}
        yield Case(
            name=f"path {path!r} of a token",
            ours=lambda path=path: Projection.service_account_token(path),  # type: ignore[misc]
            theirs=raw_volume(projected={"sources": [{"serviceAccountToken": token}]}),
        )
    large = "a" * (2**20 + 1)
    yield Case(
        name="files beyond a ConfigMap",
        ours=lambda: sidecar(files={"/etc/a/b": large})().render("web"),
        theirs={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": large}},
    )
    yield Case(
        name="name of a ConfigMap of 254",
        ours=lambda: sidecar(files={"/etc/a/b": "c"})().render("a" * 246),
        theirs={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a" * 246 + "-sidecar"}},
    )
