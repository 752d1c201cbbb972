"""Where an agent writes, and how that is told to others: the mounts, the gate, the files for other sidecars."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecarlib.errors import InvalidValueError, Problem
from sidecarlib.model.checks import Checks
from sidecarlib.model.probe import Probe
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.volume import VolumeMount
from sidecarlib.sidecars.vault.syntax import absolute_path

GATE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class WrittenPaths:
    """The files that an agent writes, name to absolute path, and the mounts in which they may lie."""

    paths: Mapping[str, str]
    mounts: Sequence[VolumeMount]

    def check(self, checks: Checks) -> None:
        """Notes paths to which nothing can be written."""
        for name, path in self.paths.items():
            if (instead := absolute_path(path)) is not None:
                checks.add(f"invalid path {path!r}", f"files[{name!r}]", instead)
            elif self.mount_of(path) is None:
                writable = [
                    mount for mount in self.mounts if not (mount.read_only or mount.sub_path or mount.sub_path_expr)
                ]
                places = " or ".join(mount.mount_path for mount in writable)
                instead = (
                    f"write a path below {places}"
                    if places
                    else "write a relative path, or mount a volume there with volume_mounts"
                )
                checks.add(f"{path!r} is on the read-only root", f"files[{name!r}]", instead)

    def mount_of(self, path: str) -> VolumeMount | None:
        """The writable mount in which a path lies: the deepest of them."""
        found = [
            mount
            for mount in self.mounts
            if path.startswith(mount.mount_path.rstrip("/") + "/")
            and not (mount.read_only or mount.sub_path or mount.sub_path_expr)
        ]
        return max(found, key=lambda mount: len(mount.mount_path), default=None)

    def file(self, name: str, *, sidecar: str) -> RenderedFile:
        """One of the files, for others than the agent. Raises `InvalidValueError` for a name that is none."""
        path = self.paths.get(name)
        mount = None if path is None else self.mount_of(path)
        if path is None or mount is None:
            known = f"write one of {', '.join(map(repr, self.paths))}" if self.paths else "add it to files"
            raise InvalidValueError([Problem(f"no file {name!r}", f"{sidecar!r}, file()", known)])
        return RenderedFile(path=path, directory=mount.mount_path, volume=mount.volume.provided_by(sidecar))

    def gate(self) -> Probe:
        """Every file is there: they come one by one, and each at once (it is renamed into place)."""
        tests = " && ".join(f"test -f {shlex.quote(path)}" for path in self.paths.values())
        return Probe.exec(["/bin/sh", "-c", tests], within=GATE_SECONDS)
