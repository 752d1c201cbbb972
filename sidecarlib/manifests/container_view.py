"""One container as a manifest has it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from sidecarlib.manifests.lazy import lazy
from sidecarlib.manifests.port_view import PortView, ports_of
from sidecarlib.manifests.probe_view import HookView, ProbeView
from sidecarlib.manifests.reading import (
    mapping,
    mappings,
    nested,
    optional_integer,
    optional_text,
    pointer,
    text,
    texts,
)

if TYPE_CHECKING:
    from sidecarlib.manifests.pod_view import PodView

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
HOOKS = ("postStart", "preStop")


class Role(Enum):
    """What a container is in its Pod."""

    NATIVE_SIDECAR = "native sidecar"
    RUN_ONCE_INIT = "init container"
    MAIN = "container"
    EPHEMERAL = "ephemeral container"


class MountView(NamedTuple):
    """A mounted volume."""

    name: str
    path: str
    read_only: bool
    sub_path: str
    pointer: str


class ContainerView:
    """A container of any role; whatever is missing or malformed reads as empty."""

    def __init__(self, spec: Mapping[str, Any], where: str, role: Role, index: int, pod: PodView) -> None:
        self.spec = spec
        self.pointer = where
        self.role = role
        self.index = index
        self.pod = pod
        self.name = text(spec.get("name"))
        self.image = text(spec.get("image"))

    def at(self, *path: str | int) -> str:
        """The JSON pointer of a field."""
        return pointer(self.pointer, path)

    def get(self, *path: str | int) -> Any:
        """What stands at a path, None where there is nothing."""
        return nested(self.spec, path)

    @lazy
    def command(self) -> tuple[str, ...]:
        """The words that replace the image's entrypoint."""
        return texts(self.spec.get("command"))

    @lazy
    def args(self) -> tuple[str, ...]:
        """The arguments."""
        return texts(self.spec.get("args"))

    @property
    def invocation(self) -> tuple[str, ...]:
        """Command and arguments together."""
        return self.command + self.args

    @lazy
    def env(self) -> tuple[Mapping[str, Any], ...]:
        """The variables, as they are written."""
        return tuple([item for _, item in mappings(self.spec.get("env"))])

    @lazy
    def literal_env(self) -> dict[str, str]:
        """The variables with a literal value."""
        return {text(item.get("name")): text(item.get("value")) for item in self.env if item.get("valueFrom") is None}

    @lazy
    def ports(self) -> tuple[PortView, ...]:
        """The declared ports."""
        return ports_of(self.spec.get("ports"), f"{self.pointer}/ports")

    @lazy
    def port_numbers(self) -> frozenset[int]:
        """The numbers of the declared ports."""
        return frozenset(port.number for port in self.ports if port.number is not None)

    @lazy
    def named_ports(self) -> dict[str, int | None]:
        """The numbers of the ports that have a name; of two with one name the first, which is what the kubelet takes."""
        return {port.name: port.number for port in reversed(self.ports) if port.name}

    @lazy
    def mounts(self) -> tuple[MountView, ...]:
        """The mounted volumes."""
        return tuple(
            [
                MountView(
                    name=text(item.get("name")),
                    path=text(item.get("mountPath")),
                    read_only=item.get("readOnly") is True,
                    sub_path=text(item.get("subPath")) or text(item.get("subPathExpr")),
                    pointer=f"{self.pointer}/volumeMounts/{index}",
                )
                for index, item in mappings(self.spec.get("volumeMounts"))
            ]
        )

    def mount_covering(self, path: str) -> MountView | None:
        """The mount in which an absolute path lies: the deepest of them."""
        covering = [mount for mount in self.mounts if _covers(mount.path, path)]
        return max(covering, key=lambda mount: len(mount.path), default=None)

    @lazy
    def probes(self) -> tuple[ProbeView, ...]:
        """The probes that it has."""
        spec = self.spec
        return tuple(
            [
                ProbeView(probe, field, f"{self.pointer}/{field}")
                for field in PROBES
                if isinstance(probe := spec.get(field), (dict, Mapping))
            ]
        )

    def probe(self, field: str) -> ProbeView | None:
        """One probe by its field, None where there is none."""
        return next((probe for probe in self.probes if probe.field == field), None)

    @lazy
    def hooks(self) -> tuple[HookView, ...]:
        """The lifecycle hooks that it has."""
        lifecycle = mapping(self.spec.get("lifecycle"))
        return tuple(
            [
                HookView(hook, field, f"{self.pointer}/lifecycle/{field}")
                for field in HOOKS
                if isinstance(hook := lifecycle.get(field), (dict, Mapping))
            ]
        )

    @property
    def restart_policy(self) -> str | None:
        """The container's own restart policy."""
        return optional_text(self.spec.get("restartPolicy"))

    @property
    def security_context(self) -> Mapping[str, Any]:
        """The container's own security settings."""
        return mapping(self.spec.get("securityContext"))

    @property
    def read_only_root(self) -> bool:
        """Whether its root file system is read-only."""
        return self.security_context.get("readOnlyRootFilesystem") is True

    @property
    def run_as_user(self) -> int | None:
        """The user it runs as, its own or the Pod's; None leaves it to the image."""
        return optional_integer(self._security("runAsUser"))

    @property
    def runs_as_root(self) -> bool | None:
        """Whether it runs as root; None where that is left to the image."""
        user = self.run_as_user
        if user is not None:
            return user == 0
        return False if self._security("runAsNonRoot") is True else None

    def _security(self, field: str) -> Any:
        own = self.security_context.get(field)
        return own if own is not None else self.pod.get("securityContext", field)


def _covers(mount_path: str, path: str) -> bool:
    """Whether a path lies in a mount; the kubelet reads a relative mount path from the root."""
    folder = mount_path.strip("/")
    return bool(mount_path) and f"{path}/".startswith(f"/{folder}/" if folder else "/")
