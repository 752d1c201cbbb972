"""Whether the kubelet can ask the collector how it is: it dials the Pod's IP, and the image has nothing to execute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.probe import Probe
from sidecarlib.model.wait_for import WaitFor
from sidecarlib.sidecars.otel.listeners import HEALTH, Listener
from sidecarlib.sidecars.otel.settings import component_type, section

_NETWORK_HANDLERS = ("httpGet", "tcpSocket", "grpc")


def check_gate(
    checks: Checks, configuration: Mapping[str, Any], found: Sequence[Listener], *, gate: bool, liveness: bool
) -> None:
    """Notes why the health check cannot serve the default gate and the default liveness probe, where they are wanted."""
    problem = _problem(configuration, next((each for each in found if each.name == HEALTH), None))
    if problem is None:
        return
    what, cure = problem
    if gate:
        gates = 'startup_probe=WaitFor.tcp(port=…) or a Probe.http(…, port="health") that fits'
        checks.add(what, "startup_probe", f"{cure}, or write {gates}")
    if liveness:
        checks.add(what, "liveness_probe", f"{cure}, or write liveness_probe=None")


def _problem(configuration: Mapping[str, Any], health: Listener | None) -> tuple[str, str] | None:
    if health is None:
        if any(component_type(each) == "health_check" for each in section(configuration, "extensions")):
            return "health_check never listens, it is not in service.extensions", "add it there"
        return "there is no health check", "write health_port (in a whole configuration: the extension health_check)"
    if health.on_loopback:
        return "the health check is on loopback, the kubelet asks the Pod's IP", "write its endpoint as 0.0.0.0:13133"
    if health.port is None:
        return "the port of the health check cannot be read", "write its endpoint as 0.0.0.0:13133"
    if health.tls or health.path != "/":
        return "the health check answers to another scheme or path than the default probe's", "leave tls and path out"
    return None


def check_probe(checks: Checks, field: str, probe: Probe | WaitFor | None, found: Sequence[Listener]) -> None:
    """Notes a network probe on a port that the collector binds to loopback: it never succeeds."""
    handler = probe.handler if isinstance(probe, Probe) else {}
    for kind in _NETWORK_HANDLERS:
        port = section(handler, kind).get("port")
        for listener in found:
            if listener.on_loopback and port is not None and port in {listener.port, listener.name}:
                checks.add(
                    f"port {port} is on loopback, the kubelet asks the Pod's IP",
                    field,
                    f"write WaitFor.tcp(port={listener.port})" if field == "startup_probe" else "ask another port",
                )
