"""The files of a sidecar, as one ConfigMap of the workload."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.errors import Problem
from sidecarlib.model.names import SUBDOMAIN_LENGTH

LONGEST_NAME = 63
LARGEST_CONFIG_MAP = 2**20
"""Bytes of all values (`MaxSecretSize` in `k8s.io/kubernetes/pkg/apis/core`)."""
CHECKSUM_DIGITS = 16
SYSTEM_FOLDERS = frozenset(
    f"/{folder}"
    for folder in (
        *(
            "bin",
            "boot",
            "dev",
            "etc",
            "etc/ssl",
            "etc/ssl/certs",
            "home",
            "lib",
            "lib64",
            "opt",
            "proc",
            "root",
            "run",
        ),
        *("sbin", "srv", "sys", "tmp", "usr", "usr/bin", "usr/lib", "usr/local", "usr/local/bin", "usr/local/lib"),
        *("usr/sbin", "usr/share", "var", "var/lib", "var/run"),
    )
)
"""Folders in which images have content of their own, which a mounted folder would hide."""


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files of one sidecar: what the ConfigMap holds, and where its volumes are mounted."""

    sidecar: str
    data: dict[str, str]
    volumes: tuple[dict[str, Any], ...]
    mounts: tuple[dict[str, Any], ...]

    def config_map_name(self, workload: str) -> str:
        """`<workload>-<sidecar>`: stable, so that a new content replaces the old one in place."""
        return f"{workload}-{self.sidecar}"

    def problems(self, workload: str) -> Iterator[Problem]:
        """Why the API server would refuse the ConfigMap."""
        name = self.config_map_name(workload)
        if len(name) > SUBDOMAIN_LENGTH:
            instead = f"use at most {SUBDOMAIN_LENGTH - len(self.sidecar) - 1} characters"
            yield Problem(f"no room for a ConfigMap called {name!r}", "workload, name", instead)
        size = sum(len(text.encode()) for text in self.data.values())
        if size > LARGEST_CONFIG_MAP:
            instead = "mount a volume that holds them"
            yield Problem(
                f"files of {size} bytes, more than a ConfigMap holds", f"sidecar {self.sidecar!r}, files", instead
            )

    def config_map(self, workload: str) -> dict[str, Any]:
        """The ConfigMap, without namespace."""
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": self.config_map_name(workload)},
            "data": dict(self.data),
        }

    def volumes_for(self, workload: str) -> list[dict[str, Any]]:
        """The volumes of the Pod that show the ConfigMap's keys."""
        name = self.config_map_name(workload)
        return [{"name": volume["name"], "configMap": {"name": name, **volume["configMap"]}} for volume in self.volumes]


def file_set(sidecar: str, files: Mapping[str, str]) -> FileSet:
    """Sorts files (absolute path to text) by folder: a volume and a mount for each folder, a key for each file.

    A file directly in a folder of the system is mounted alone, so that the image's own files stay.
    """
    folders: dict[str, dict[str, str]] = {}
    data: dict[str, str] = {}
    for path, text in files.items():
        folder, _, base = path.rpartition("/")
        key = _free_key(base, data)
        data[key] = text
        folders.setdefault(folder, {})[key] = base
    volumes: list[dict[str, Any]] = []
    mounts: list[dict[str, Any]] = []
    for number, (folder, keys) in enumerate(folders.items(), start=1):
        suffix = "-files" if number == 1 else f"-files-{number}"
        name = f"{sidecar[: LONGEST_NAME - len(suffix)]}{suffix}"
        items = {} if len(folders) == 1 else {"items": [{"key": key, "path": base} for key, base in keys.items()]}
        volumes.append({"name": name, "configMap": items})
        if folder in SYSTEM_FOLDERS:
            mounts += [
                {"name": name, "mountPath": f"{folder}/{base}", "readOnly": True, "subPath": base}
                for base in keys.values()
            ]
        else:
            mounts.append({"name": name, "mountPath": folder, "readOnly": True})
    return FileSet(sidecar, data, tuple(volumes), tuple(mounts))


def _free_key(base: str, taken: Collection[str]) -> str:
    """The file's name, or with the first number behind it that is free."""
    key = base
    number = 1
    while key in taken:
        number += 1
        key = f"{base[: SUBDOMAIN_LENGTH - len(str(number)) - 1]}-{number}"
    return key


def checksum(file_sets: Sequence[FileSet]) -> str:
    """A short digest of all files: it changes when one of them does."""
    content = json.dumps(
        [[files.sidecar, files.data] for files in file_sets], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(content.encode()).hexdigest()[:CHECKSUM_DIGITS]
