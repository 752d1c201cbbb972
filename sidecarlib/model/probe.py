"""How the kubelet asks a container whether it has started, is alive, or is ready."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sidecarlib.model.checks import Checks, assign, shown
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.names import header_name, port_name

__all__ = ["Probe"]

EXEC_TIMEOUT_SECONDS = 3
"""An exec probe starts a process in the container first: one second is short on a busy node."""


class ProbeOptions(TypedDict, total=False):
    """The rarely needed fields of every probe."""

    initial_delay_seconds: int
    """Seconds after the container's start before the first try; on a startup probe it is only latency."""
    success_threshold: int
    """Successes in a row that count as ready; only a readiness probe may have more than 1."""
    termination_grace_period_seconds: int
    """Seconds between SIGTERM and SIGKILL when this probe has failed; not for readiness probes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A probe, made by `Probe.http`, `tcp`, `grpc`, `exec` or `none`.

    The kubelet dials http, tcp and grpc probes at the Pod's IP, never at the container's loopback; exec runs inside the
    container. `within` is the budget in seconds: `failure_threshold = ceil(within / period_seconds)`. A period of 1 s
    is the shortest there is, and Kubernetes' own default of 10 s costs up to 10 s of start-up. Raises `InvalidValueError`.
    """

    handler: Mapping[str, Any] = EMPTY
    period_seconds: int = 1
    timeout_seconds: int = 1
    failure_threshold: int = 60
    initial_delay_seconds: int = 0
    success_threshold: int = 1
    termination_grace_period_seconds: int | None = None
    because: str | None = None

    def __post_init__(self) -> None:
        checks = Checks("Probe")
        assign(self, handler=checks.mapping("handler", self.handler))
        for name in ("period_seconds", "timeout_seconds", "failure_threshold", "success_threshold"):
            checks.integer(name, getattr(self, name), minimum=1)
        checks.integer("initial_delay_seconds", self.initial_delay_seconds)
        checks.optional_integer("termination_grace_period_seconds", self.termination_grace_period_seconds, minimum=1)
        if self.because is None and len(self.handler) != 1:
            checks.add("a probe needs exactly one handler", "handler", "use Probe.http, tcp, grpc, exec or none")
        checks.raise_if_any()

    @classmethod
    def http(
        cls,
        path: str,
        *,
        port: int | str,
        within: float = 60,
        period_seconds: int = 1,
        timeout_seconds: int = 1,
        failure_threshold: int | None = None,
        scheme: str | None = None,
        headers: Mapping[str, str] = EMPTY,
        **options: Unpack[ProbeOptions],
    ) -> Probe:
        """GET `path` on `port` (a number, or the name of one of this container's ports); 200 to 399 is success."""
        checks = Checks("Probe.http")
        if not isinstance(path, str) or not path.startswith("/"):
            checks.add(f"{shown(path)} is no path", "path", "write a path that starts with '/'")
        _check_port(checks, port)
        checks.choice("scheme", scheme, ("HTTP", "HTTPS"))
        fields = checks.text_mapping("headers", headers, key=header_name)
        threshold = _threshold(checks, within, period_seconds, failure_threshold)
        checks.raise_if_any()
        action: dict[str, Any] = {"path": path, "port": port}
        if scheme is not None:
            action["scheme"] = scheme
        if fields:
            action["httpHeaders"] = [{"name": name, "value": value} for name, value in fields.items()]
        return cls(
            handler={"httpGet": action},
            period_seconds=period_seconds,
            timeout_seconds=timeout_seconds,
            failure_threshold=threshold,
            **options,
        )

    @classmethod
    def tcp(
        cls,
        *,
        port: int | str,
        within: float = 60,
        period_seconds: int = 1,
        timeout_seconds: int = 1,
        failure_threshold: int | None = None,
        **options: Unpack[ProbeOptions],
    ) -> Probe:
        """Open a connection to `port` (a number, or the name of one of this container's ports)."""
        checks = Checks("Probe.tcp")
        _check_port(checks, port)
        threshold = _threshold(checks, within, period_seconds, failure_threshold)
        checks.raise_if_any()
        return cls(
            handler={"tcpSocket": {"port": port}},
            period_seconds=period_seconds,
            timeout_seconds=timeout_seconds,
            failure_threshold=threshold,
            **options,
        )

    @classmethod
    def grpc(
        cls,
        *,
        port: int,
        service: str | None = None,
        within: float = 60,
        period_seconds: int = 1,
        timeout_seconds: int = 1,
        failure_threshold: int | None = None,
        **options: Unpack[ProbeOptions],
    ) -> Probe:
        """Ask the gRPC health service on `port`, which must be a number, without TLS."""
        checks = Checks("Probe.grpc")
        checks.port("port", port)
        checks.optional_text("service", service)
        threshold = _threshold(checks, within, period_seconds, failure_threshold)
        checks.raise_if_any()
        action: dict[str, Any] = {"port": port} if service is None else {"port": port, "service": service}
        return cls(
            handler={"grpc": action},
            period_seconds=period_seconds,
            timeout_seconds=timeout_seconds,
            failure_threshold=threshold,
            **options,
        )

    @classmethod
    def exec(
        cls,
        command: Sequence[str],
        *,
        within: float = 60,
        period_seconds: int = 1,
        timeout_seconds: int = EXEC_TIMEOUT_SECONDS,
        failure_threshold: int | None = None,
        **options: Unpack[ProbeOptions],
    ) -> Probe:
        """Run `command` inside the container; exit code 0 is success. The program must be in the image."""
        checks = Checks("Probe.exec")
        words = checks.texts("command", command)
        if not words:
            checks.add("no command", "command", "write the program and its arguments as a list")
        threshold = _threshold(checks, within, period_seconds, failure_threshold)
        checks.raise_if_any()
        return cls(
            handler={"exec": {"command": list(words)}},
            period_seconds=period_seconds,
            timeout_seconds=timeout_seconds,
            failure_threshold=threshold,
            **options,
        )

    @classmethod
    def none(cls, *, because: str) -> Probe:
        """No gate: what comes next starts as soon as the process runs. The reason is kept in the manifest."""
        checks = Checks("Probe.none")
        checks.text("because", because.strip() if isinstance(because, str) else because)
        checks.raise_if_any()
        return cls(because=because.strip())

    @property
    def budget_seconds(self) -> int:
        """The longest time in seconds until the kubelet gives up on a container that never answers."""
        return self.initial_delay_seconds + self.failure_threshold * max(self.period_seconds, self.timeout_seconds)

    def render(self) -> dict[str, Any]:
        """The probe of a container; empty for `Probe.none`."""
        if self.because is not None:
            return {}
        rendered: dict[str, Any] = thaw(self.handler)
        if self.initial_delay_seconds:
            rendered["initialDelaySeconds"] = self.initial_delay_seconds
        rendered["periodSeconds"] = self.period_seconds
        rendered["timeoutSeconds"] = self.timeout_seconds
        rendered["failureThreshold"] = self.failure_threshold
        if self.success_threshold != 1:
            rendered["successThreshold"] = self.success_threshold
        if self.termination_grace_period_seconds is not None:
            rendered["terminationGracePeriodSeconds"] = self.termination_grace_period_seconds
        return rendered


def _check_port(checks: Checks, port: object) -> None:
    if isinstance(port, str):
        checks.text("port", port, syntax=port_name)
    else:
        checks.port("port", port)


def _threshold(checks: Checks, within: object, period_seconds: object, failure_threshold: int | None) -> int:
    if failure_threshold is not None:
        return failure_threshold
    checks.seconds("within", within)
    if not isinstance(within, (int, float)) or not math.isfinite(within) or not isinstance(period_seconds, int):
        return 1
    return max(1, math.ceil(within / max(1, period_seconds)))
