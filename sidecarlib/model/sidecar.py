"""What a class needs so that it composes like the sidecars of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from sidecarlib.model.checks import Named

if TYPE_CHECKING:
    from sidecarlib.model.environment import EnvVar
    from sidecarlib.model.native_sidecar import NativeSidecar
    from sidecarlib.model.volume import Volume, VolumeMount

__all__ = ["OffersEnv", "OffersMounts", "Sidecar"]


@runtime_checkable
class Sidecar(Protocol):
    """A helper container beside an application.

    `name` is the container's; `uses` are the sidecars it starts after, beyond those that its container's files, mounts
    and variables tell; `volumes` reach the Pod even when nobody mounts them; `files` maps an absolute path in the container
    to the text it finds there (a ConfigMap is made of them); `stops_within` is the worst case in seconds from SIGTERM to
    its end with its backend gone, None when nobody knows.
    """

    @property
    def name(self) -> str:
        """The container name."""

    @property
    def uses(self) -> Sequence[str | Named]:
        """The sidecars, or their names, that it starts after."""

    @property
    def volumes(self) -> Sequence[Volume]:
        """The volumes that reach the Pod even when nobody mounts them."""

    @property
    def files(self) -> Mapping[str, str]:
        """The files that it reads: absolute path to text."""

    @property
    def stops_within(self) -> float | None:
        """Seconds from SIGTERM to its end at worst."""

    def container(self) -> NativeSidecar:
        """The container that it becomes."""


@runtime_checkable
class OffersEnv(Protocol):
    """A sidecar that tells its users by variables where it is: they get them with `uses=[…]`."""

    def env(self) -> Sequence[EnvVar]:
        """The variables, under their default names."""
        ...


@runtime_checkable
class OffersMounts(Protocol):
    """A sidecar whose users need a directory of it: they get it with `uses=[…]`."""

    def mounts(self) -> Sequence[VolumeMount]:
        """The mounts, at their default paths."""
        ...


@runtime_checkable
class RendersFiles(Protocol):
    """A sidecar that writes files for others and knows which: a `RenderedFile` that is none of them is an error."""

    @property
    def rendered_paths(self) -> Collection[str]:
        """The absolute paths of all files that it writes."""
