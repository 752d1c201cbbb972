"""A file that one sidecar writes and another container reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from sidecarlib.model.checks import Checks
from sidecarlib.model.volume import Volume, VolumeMount

__all__ = ["RenderedFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """A file at an absolute `path` of a volume that is mounted at `directory`.

    Whoever takes it as an option mounts the volume read-only and starts after its provider.
    """

    path: str
    directory: str
    volume: Volume

    def __post_init__(self) -> None:
        checks = Checks("RenderedFile")
        checks.path("path", self.path)
        checks.path("directory", self.directory)
        if not PurePosixPath(self.path).is_relative_to(self.directory):
            checks.add(f"{self.path!r} is outside {self.directory!r}", "path", "write a path below the directory")
        checks.instance("volume", self.volume, Volume, "Volume")
        checks.raise_if_any()

    def mount(self) -> VolumeMount:
        """The volume, read-only, where `path` is valid; it says which file is read, so that its provider can be asked."""
        return VolumeMount(volume=self.volume, mount_path=self.directory, read_only=True, reads=(self.path,))

    def __str__(self) -> str:
        return self.path
