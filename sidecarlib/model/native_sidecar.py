"""A sidecar as Kubernetes runs it natively: an init container with `restartPolicy: Always`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.container import ContainerFields, check_probes_and_hooks, probes_and_hooks
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.lifecycle import Lifecycle
from sidecarlib.model.names import file_key
from sidecarlib.model.probe import Probe
from sidecarlib.model.volume import Volume
from sidecarlib.model.wait_for import WaitFor

__all__ = ["NativeSidecar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeSidecar(ContainerFields):
    """A container that starts before the application, lives beside it, and stops after it.

    `startup_probe` is required: a `Probe` that holds back whatever comes next, a `WaitFor` that does so from a container of its
    own, or `Probe.none(because="…")`. `files` maps an absolute path to the text found there: they become one ConfigMap.
    `stops_within` is the worst case in seconds from SIGTERM to the end, None when it is not known. `volumes` reach the
    Pod even when nobody mounts them. Raises `InvalidValueError`.
    """

    startup_probe: Probe | WaitFor
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    lifecycle: Lifecycle | None = None
    files: Mapping[str, str] = EMPTY
    volumes: Sequence[Volume] = ()
    stops_within: float | None = None

    def _check(self, checks: Checks) -> None:
        ContainerFields._check(self, checks)  # noqa: SLF001 - super() without arguments does not work in a slotted dataclass
        if not isinstance(self.startup_probe, (Probe, WaitFor)):
            checks.add(
                f"{self.startup_probe!r} gates nothing",
                "startup_probe",
                "write a Probe, a WaitFor or Probe.none(because=…)",
            )
        check_probes_and_hooks(checks, self)
        files = checks.text_mapping("files", self.files)
        for path in files:
            checks.path("files", path)
            directory, _, name = path.rpartition("/")
            instead = file_key(name) if directory else "write a path in a directory of its own"
            if instead is not None:
                checks.add(f"{path!r} cannot be a mounted file", "files", instead)
        if self.stops_within is not None:
            checks.seconds("stops_within", self.stops_within)
        assign(self, files=files, volumes=checks.items("volumes", self.volumes, Volume))

    def container(self) -> NativeSidecar:
        """Itself: a native sidecar is a `Sidecar`."""
        return self

    def _own_fields(self) -> dict[str, Any]:
        return {"restartPolicy": "Always"}

    def _settings(self) -> tuple[tuple[str, Any], ...]:
        probes = probes_and_hooks(self)
        if isinstance(self.startup_probe, WaitFor):
            probes = probes[1:]
        common = ContainerFields._settings(self)  # noqa: SLF001 - super() without arguments does not work in a slotted dataclass
        return *common, *probes
