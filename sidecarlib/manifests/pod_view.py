"""A Pod as a manifest has it, whatever object it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.lazy import lazy
from sidecarlib.manifests.reading import integer, mapping, mappings, nested, optional_text, pointer, text

if TYPE_CHECKING:
    from sidecarlib.model.kubernetes_version import KubernetesVersion

DEFAULT_GRACE_PERIOD_SECONDS = 30
EMPTY_DIR = "emptyDir"
JOB_PATHS: Mapping[str, tuple[str, ...]] = {"Job": ("spec",), "CronJob": ("spec", "jobTemplate", "spec")}


class VolumeView(NamedTuple):
    """A volume; `kind` is the name of its source, such as `emptyDir`, which the API server takes where there is none."""

    name: str
    kind: str
    spec: Mapping[str, Any]
    pointer: str


class PodView:
    """The spec of a Pod, read by role: there is no way to its lists of containers but through what they mean.

    `spec` is the pod spec, `pointer` the JSON pointer at which it stands in `document`, the whole workload. `kind` is the
    workload's kind and `version` the target version, None where they are not known. Nothing here raises: what is missing or
    malformed reads as empty.
    """

    def __init__(
        self,
        spec: Mapping[str, Any],
        *,
        pointer: str = "",
        kind: str | None = None,
        version: KubernetesVersion | None = None,
        document: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.spec = mapping(spec)
        self.pointer = pointer
        self.kind = kind
        self.version = version
        self.document = document
        self.metadata = mapping(metadata)

    def at(self, *path: str | int) -> str:
        """The JSON pointer of a field of the spec."""
        return pointer(self.pointer, path)

    def get(self, *path: str | int) -> Any:
        """What stands at a path of the spec, None where there is nothing."""
        return nested(self.spec, path)

    @lazy
    def _sequence(self) -> tuple[ContainerView, ...]:
        return tuple(
            [
                ContainerView(
                    item,
                    f"{self.pointer}/initContainers/{index}",
                    Role.NATIVE_SIDECAR if item.get("restartPolicy") == "Always" else Role.RUN_ONCE_INIT,
                    index,
                    self,
                )
                for index, item in mappings(self.spec.get("initContainers"))
            ]
        )

    @lazy
    def _mains(self) -> tuple[ContainerView, ...]:
        return self._of("containers", Role.MAIN)

    def _of(self, field: str, role: Role) -> tuple[ContainerView, ...]:
        return tuple(
            [
                ContainerView(item, f"{self.pointer}/{field}/{index}", role, index, self)
                for index, item in mappings(self.spec.get(field))
            ]
        )

    @lazy
    def _sidecars(self) -> tuple[ContainerView, ...]:
        return tuple([container for container in self._sequence if container.role is Role.NATIVE_SIDECAR])

    def native_sidecars(self) -> tuple[ContainerView, ...]:
        """Init containers that are always restarted, in start order."""
        return self._sidecars

    def run_once_inits(self) -> tuple[ContainerView, ...]:
        """Plain init containers, in start order."""
        return tuple([container for container in self._sequence if container.role is Role.RUN_ONCE_INIT])

    def mains(self) -> tuple[ContainerView, ...]:
        """The containers that do the Pod's work."""
        return self._mains

    def init_sequence(self) -> tuple[ContainerView, ...]:
        """Sidecars and plain init containers, in start order."""
        return self._sequence

    def containers(self) -> tuple[ContainerView, ...]:
        """Every container: the init sequence, then the mains; not the ephemeral ones."""
        return self._all

    def ephemerals(self) -> tuple[ContainerView, ...]:
        """The containers that `kubectl debug` added to a live Pod."""
        return self._of("ephemeralContainers", Role.EPHEMERAL)

    @lazy
    def _all(self) -> tuple[ContainerView, ...]:
        return self._sequence + self._mains

    def container(self, name: str) -> ContainerView | None:
        """The first container of a name."""
        return next((container for container in self._all if container.name == name), None)

    def named(self, name: str) -> tuple[ContainerView, ...]:
        """All containers of a name."""
        return tuple(container for container in self._all if container.name == name)

    def volumes(self) -> tuple[VolumeView, ...]:
        """The Pod's volumes."""
        return self._volumes

    @lazy
    def _volumes(self) -> tuple[VolumeView, ...]:
        return tuple(
            [
                VolumeView(
                    name=text(item.get("name")),
                    kind=next((str(key) for key in item if key != "name" and item[key] is not None), EMPTY_DIR),
                    spec=item,
                    pointer=f"{self.pointer}/volumes/{index}",
                )
                for index, item in mappings(self.spec.get("volumes"))
            ]
        )

    def volume(self, name: str) -> VolumeView | None:
        """The volume of a name."""
        return next((volume for volume in self._volumes if volume.name == name), None)

    @property
    def restart_policy(self) -> str | None:
        """The Pod's restart policy as it is written."""
        return optional_text(self.spec.get("restartPolicy"))

    @property
    def effective_restart_policy(self) -> str:
        """The Pod's restart policy; Kubernetes' default is Always."""
        return self.restart_policy or "Always"

    @property
    def grace_period_seconds(self) -> int:
        """Seconds that all containers together have for their stop; Kubernetes' default is 30."""
        return integer(self.spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE_PERIOD_SECONDS)

    @property
    def host_network(self) -> bool:
        """Whether it uses the node's network."""
        return self.spec.get("hostNetwork") is True

    @property
    def shares_process_namespace(self) -> bool:
        """Whether its containers see each other's processes; then none of them is PID 1."""
        return self.spec.get("shareProcessNamespace") is True

    @property
    def is_job(self) -> bool:
        """Whether it belongs to a Job or a CronJob."""
        return self.kind in JOB_PATHS

    def job_spec(self) -> tuple[Mapping[str, Any], str]:
        """The fields of the Job that it belongs to, and their JSON pointer; empty for other kinds."""
        path = JOB_PATHS.get(self.kind or "")
        if path is None:
            return {}, ""
        return mapping(nested(self.document, path)), pointer(self._object_pointer, path)

    @property
    def _object_pointer(self) -> str:
        """Where the workload stands in its document: an item of a List, or the whole of it."""
        template = "/template/spec"
        steps = {"Job": "/spec" + template, "CronJob": "/spec/jobTemplate/spec" + template}.get(self.kind or "", "")
        return self.pointer.removesuffix(steps) if steps else ""
