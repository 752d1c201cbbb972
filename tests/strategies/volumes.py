"""Volumes of every kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sidecarlib import Projection, Volume, VolumeMount
from tests.strategies.words import TEXTS, keys, object_names, optional, paths

MODES = optional(st.integers(0, 0o777))
ITEMS = st.dictionaries(keys(), st.builds("{}/{}".format, keys(), keys()) | keys(), max_size=2)
SIZES = st.sampled_from(["64Mi", "1Gi", "1.5Gi", "0", "100000k", "1e9"])
POD_FIELDS = st.dictionaries(
    st.sampled_from(["labels", "annotations", "deep/name", "uid"]),
    st.sampled_from(["metadata.labels", "metadata.annotations", "metadata.name", "metadata.uid"]),
    min_size=1,
)
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


def projections() -> st.SearchStrategy[Projection]:
    """One source of a projected volume; each kind keeps to a folder of its own, as two must not write one path."""
    token = st.builds(
        Projection.service_account_token,
        st.just("token/token"),
        audience=optional(st.sampled_from(["vault", "https://example.com"])),
        expiration_seconds=st.sampled_from([600, 3600, 86400]),
    )
    secret = st.builds(Projection.secret, object_names(), items=st.just({"key": "secret/key"}), optional=st.booleans())
    config_map = st.builds(Projection.config_map, object_names(), items=st.just({"key": "config/key"}))
    fields = st.just(Projection.downward_api({"pod/name": "metadata.name"}))
    return token | secret | config_map | fields


@st.composite
def volumes(draw: st.DrawFn, name: str) -> Volume:
    """One volume of the given name, of any kind that has a factory."""
    kind = draw(st.sampled_from(KINDS))
    made: Volume = getattr(Volume, kind)(name, **draw(OPTIONS[kind]))
    return made


def options(**choices: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Keyword arguments, each drawn."""
    return st.fixed_dictionaries(choices)


OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "empty_dir": options(medium=optional(st.just("Memory")), size_limit=optional(SIZES)),
    "config_map": options(config_map=object_names(), items=ITEMS, default_mode=MODES, optional=optional(st.booleans())),
    "secret": options(secret=object_names(), items=ITEMS, default_mode=MODES, optional=optional(st.booleans())),
    "persistent_volume_claim": options(claim_name=object_names(), read_only=st.booleans()),
    "projected": options(
        sources=st.lists(projections(), max_size=3, unique_by=lambda each: next(iter(each.source))), default_mode=MODES
    ),
    "downward_api": options(fields=POD_FIELDS),
    "host_path": options(
        path=st.just("/var/log"), type=optional(st.sampled_from(["", "Directory", "DirectoryOrCreate"]))
    ),
    "csi": options(
        driver=st.just("secrets-store.csi.k8s.io"),
        read_only=optional(st.booleans()),
        attributes=st.dictionaries(keys(), TEXTS, max_size=2),
    ),
    "nfs": options(server=st.just("nfs.example.com"), path=paths(), read_only=st.booleans()),
    "image": options(
        reference=st.just("example.com/models:1"), pull_policy=optional(st.sampled_from(["Always", "IfNotPresent"]))
    ),
    "ephemeral": options(claim=st.just(CLAIM)),
}
KINDS = tuple(OPTIONS)


@st.composite
def mounts(draw: st.DrawFn, volume: Volume, path: str) -> VolumeMount:
    """A mount of the volume at the path, with and without a part of it."""
    inner = draw(st.sampled_from(["sub_path", "sub_path_expr", "none", "none"]))
    return volume.mount(
        path,
        read_only=draw(st.booleans()),
        mount_propagation=draw(st.sampled_from([None, None, "None", "HostToContainer"])),
        **({} if inner == "none" else {inner: draw(st.sampled_from(["part", "a/b", "$(NAME)"]))}),
    )
