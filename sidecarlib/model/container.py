"""The containers of a Pod that do its work, and those that prepare it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, Named, assign
from sidecarlib.model.container_port import ContainerPort, container_ports
from sidecarlib.model.environment import EnvFrom, EnvVar, environment
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.image import image_problem
from sidecarlib.model.lifecycle import Lifecycle
from sidecarlib.model.names import dns_label
from sidecarlib.model.probe import Probe
from sidecarlib.model.resources import Resources
from sidecarlib.model.security import SecurityContext
from sidecarlib.model.volume import VolumeMount

__all__ = ["Container", "InitContainer"]

PULL_POLICIES = ("Always", "IfNotPresent", "Never")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerFields:
    """What every kind of container has.

    `uses` names sidecars: the container starts after them and gets their variables and mounts; `after` names sidecars or
    init containers and only orders. `env` is a list of `EnvVar` or a mapping of literals, `ports` a list of numbers or
    `ContainerPort`, `extra` further fields of the container in camelCase. Raises `InvalidValueError` with all that is
    wrong.
    """

    name: str
    image: str
    command: Sequence[str] = ()
    args: Sequence[str] = ()
    working_dir: str | None = None
    env: Sequence[EnvVar] | Mapping[str, str] = ()
    env_from: Sequence[EnvFrom] = ()
    ports: Sequence[ContainerPort | int] = ()
    volume_mounts: Sequence[VolumeMount] = ()
    resources: Resources | None = None
    security_context: SecurityContext | None = None
    image_pull_policy: str | None = None
    termination_message_policy: str | None = None
    uses: Sequence[str | Named] = ()
    after: Sequence[str | Named] = ()
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks(f"container {self.name!r}")
        self._check(checks)
        checks.raise_if_any()

    def _check(self, checks: Checks) -> None:
        checks.text("name", self.name, syntax=dns_label)
        checks.text("image", self.image, syntax=image_problem)
        checks.optional_text("working_dir", self.working_dir)
        checks.choice("image_pull_policy", self.image_pull_policy, PULL_POLICIES)
        checks.choice("termination_message_policy", self.termination_message_policy, ("File", "FallbackToLogsOnError"))
        checks.instance("resources", self.resources, Resources, "Resources")
        checks.instance("security_context", self.security_context, SecurityContext, "SecurityContext")
        mounts: tuple[VolumeMount, ...] = checks.items("volume_mounts", self.volume_mounts, VolumeMount)
        taken: dict[str, str] = {}
        for mount in mounts:
            if (other := taken.setdefault(mount.mount_path, mount.volume.name)) != mount.volume.name:
                checks.add(
                    f"{mount.mount_path!r} holds two volumes, {other} and {mount.volume.name}",
                    "volume_mounts",
                    "mount one elsewhere",
                )
        assign(
            self,
            command=checks.texts("command", self.command),
            args=checks.texts("args", self.args),
            env=environment(checks, self.env),
            env_from=checks.items("env_from", self.env_from, EnvFrom),
            ports=container_ports(checks, self.ports),
            volume_mounts=mounts,
            uses=checks.names("uses", self.uses),
            after=checks.names("after", self.after),
            extra=checks.mapping("extra", self.extra),
        )

    def render(self) -> dict[str, Any]:
        """The entry of a Pod's `containers` or `initContainers`, without what its providers will add."""
        rendered: dict[str, Any] = {"name": self.name, "image": self.image}
        if self.image_pull_policy is not None:
            rendered["imagePullPolicy"] = self.image_pull_policy
        rendered.update(self._own_fields())
        if self.command:
            rendered["command"] = list(self.command)
        if self.args:
            rendered["args"] = list(self.args)
        if self.working_dir is not None:
            rendered["workingDir"] = self.working_dir
        lists: dict[str, Any] = {"ports": self.ports, "envFrom": self.env_from, "env": self.env}
        for key, values in lists.items():
            if values:
                rendered[key] = [value.render() for value in values]
        for key, value in self._settings():
            if value is not None and (fields := value.render()):
                rendered[key] = fields
        if self.volume_mounts:
            rendered["volumeMounts"] = [mount.render() for mount in self.volume_mounts]
        if self.termination_message_policy is not None:
            rendered["terminationMessagePolicy"] = self.termination_message_policy
        return merge_extra(rendered, self.extra, f"container {self.name!r}")

    def _own_fields(self) -> dict[str, Any]:
        return {}

    def _settings(self) -> tuple[tuple[str, Any], ...]:
        return ("resources", self.resources), ("securityContext", self.security_context)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitContainer(ContainerFields):
    """A container that runs to its end before the next one starts.

    One that uses nothing runs first, as written; one that uses a sidecar runs directly behind it. It must be safe to run
    again: Kubernetes repeats it when the Pod's sandbox is made anew.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(ContainerFields):
    """A container that does the Pod's work: its exit code decides over the Pod's."""

    startup_probe: Probe | None = None
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    lifecycle: Lifecycle | None = None

    def _check(self, checks: Checks) -> None:
        ContainerFields._check(self, checks)  # noqa: SLF001 - super() without arguments does not work in a slotted dataclass
        check_probes_and_hooks(checks, self)

    def _settings(self) -> tuple[tuple[str, Any], ...]:
        common = ContainerFields._settings(self)  # noqa: SLF001 - super() without arguments does not work in a slotted dataclass
        return *common, *probes_and_hooks(self)


def check_probes_and_hooks(checks: Checks, container: Any) -> None:
    """Checks the probes and hooks of a container that may have them."""
    for name in ("startup_probe", "liveness_probe", "readiness_probe"):
        probe = getattr(container, name)
        if name != "startup_probe" or container.__class__ is Container:
            checks.instance(name, probe, Probe, "Probe")
        if not isinstance(probe, Probe):
            continue
        if name != "readiness_probe" and probe.success_threshold != 1:
            checks.add(
                f"success_threshold {probe.success_threshold}",
                name,
                "leave it at 1; only a readiness probe may have more",
            )
        if name == "readiness_probe" and probe.termination_grace_period_seconds is not None:
            checks.add(
                "a readiness probe never stops its container", name, "leave termination_grace_period_seconds out"
            )
        if probe.because is not None and name != "startup_probe":
            checks.add("Probe.none", name, "leave the field out; only a sidecar's startup probe needs a reason")
    checks.instance("lifecycle", container.lifecycle, Lifecycle, "Lifecycle")


def probes_and_hooks(container: Any) -> tuple[tuple[str, Any], ...]:
    """The rendered names and values of a container's probes and hooks."""
    return (
        ("startupProbe", container.startup_probe),
        ("livenessProbe", container.liveness_probe),
        ("readinessProbe", container.readiness_probe),
        ("lifecycle", container.lifecycle),
    )
