"""Who can have provided, at the time a gate asks, the port or the file that it waits for."""

from __future__ import annotations

from typing import NamedTuple

from sidecarlib.manifests.container_view import ContainerView, MountView, Role
from sidecarlib.rules.frame.daemons import daemon_in
from sidecarlib.rules.frame.gates import Gate
from sidecarlib.rules.frame.listeners import may_serve, serves


class Supply(NamedTuple):
    """A port or a file that nothing can have provided yet: `later` are the containers that will, once they start.

    `alone` is True when nothing at all runs beside the gate, so that no undeclared listener can answer it.
    """

    what: str
    later: tuple[ContainerView, ...]
    alone: bool

    def later_sidecar(self) -> ContainerView | None:
        """The first of `later` that belongs to the init sequence."""
        return next((container for container in self.later if container.role is not Role.MAIN), None)


def missing_port(gate: Gate, port: int) -> Supply | None:
    """The supply of a port when nothing that runs by then may serve it; None when something may, or on the node's network."""
    container = gate.container
    if container.pod.host_network or (not gate.loop and may_serve(container, port)):
        return None
    running = [sidecar for sidecar in container.pod.native_sidecars() if sidecar.index < container.index]
    if any(may_serve(sidecar, port) for sidecar in running):
        return None
    later = tuple(other for other in starting_after(container) if serves(other, port))
    return Supply(f"port {port}", later, gate.loop and not running)


def missing_file(gate: Gate, path: str) -> Supply | None:
    """The supply of a file on an `emptyDir` that nobody has written to by then; None when somebody may have."""
    container = gate.container
    mount = empty_folder_at(container, path)
    if mount is None or written_before(container, mount):
        return None
    later = tuple(other for other in starting_after(container) if writes(other, mount))
    return Supply(f"file {path}", later, alone=True)


def empty_folder_at(container: ContainerView, path: str) -> MountView | None:
    """The mount of an `emptyDir` in which a path lies, None where it lies elsewhere."""
    mount = container.mount_covering(path)
    if mount is None:
        return None
    volume = container.pod.volume(mount.name)
    return mount if volume is not None and volume.kind == "emptyDir" else None


def starting_after(container: ContainerView) -> tuple[ContainerView, ...]:
    """The containers that start later than an entry of the init sequence."""
    pod = container.pod
    return tuple(other for other in pod.init_sequence() if other.index > container.index) + pod.mains()


def written_before(container: ContainerView, mount: MountView) -> bool:
    """Whether an earlier entry of the init sequence can write to the volume of `mount`."""
    return any(writes(other, mount) for other in container.pod.init_sequence() if other.index < container.index)


def writes(container: ContainerView, mount: MountView) -> bool:
    """Whether a container mounts the same volume, and not read-only."""
    return any(other.name == mount.name and not other.read_only for other in container.mounts)


def first_listener(container: ContainerView, port: int, *, in_variable: bool) -> ContainerView | None:
    """The first later container that listens on a port, when nothing that runs by then may.

    With `in_variable`, main containers count only where their product is known: variables are often shared by all
    containers of a Pod, whether they need them or not.
    """
    pod = container.pod
    if pod.host_network or serves(container, port):
        return None
    if any(may_serve(sidecar, port) for sidecar in pod.native_sidecars() if sidecar.index < container.index):
        return None
    for other in starting_after(container):
        daemon = daemon_in(other)
        if daemon is not None and may_serve(other, port):
            return other
        if serves(other, port) and not (in_variable and other.role is Role.MAIN and daemon is None):
            return other
    return None
