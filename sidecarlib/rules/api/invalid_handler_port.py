"""A probe or a lifecycle hook aims at something that is no port.

What it does:
    Reads the port of every `httpGet`, `tcpSocket` and `grpc`: a number from 1 to 65535, or (not for `grpc`) the name of a
    port: at most 15 lower-case letters, digits and single `-`, with at least one letter.

Why it matters:
    The API server refuses the Pod (`ValidatePortNumOrName`; measured on Kubernetes 1.37.2). A number in quotes is a name to it:
    `Invalid value: "8080": must contain at least one letter`. A name for `grpc` it cannot even read.

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`; RFC 6335 for names.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.model.names import port_name
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

LARGEST = 65535
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    ports: [{{name: http-admin, containerPort: 9801}}]
    startupProbe: {{{probe}, periodSeconds: 1}}
    lifecycle: {{preStop: {{httpGet: {{path: /drain, port: {hook}}}}}}}
  containers:
  - {{name: web, image: web:1.0}}
"""
_STARTUP = "/spec/initContainers/0/startupProbe"

GOOD = (
    Good(manifest=_POD.format(probe="httpGet: {path: /ready, port: http-admin}", hook=9801)),
    Good(manifest=_POD.format(probe="grpc: {port: 65535}", hook="http-admin")),
)
BAD = (
    Bad(manifest=_POD.format(probe="httpGet: {path: /ready, port: 0}", hook=9801), at=f"{_STARTUP}/httpGet/port"),
    Bad(manifest=_POD.format(probe="tcpSocket: {}", hook=9801), at=f"{_STARTUP}/tcpSocket/port"),
    Bad(manifest=_POD.format(probe="tcpSocket: {port: '8080'}", hook=9801), at=f"{_STARTUP}/tcpSocket/port"),
    Bad(manifest=_POD.format(probe="tcpSocket: {port: HTTP}", hook=9801), at=f"{_STARTUP}/tcpSocket/port"),
    Bad(
        manifest=_POD.format(probe="tcpSocket: {port: much-too-long-a-name}", hook=9801),
        at=f"{_STARTUP}/tcpSocket/port",
    ),
    Bad(manifest=_POD.format(probe="grpc: {port: http-admin}", hook=9801), at=f"{_STARTUP}/grpc/port"),
    Bad(
        manifest=_POD.format(probe="grpc: {port: 9000}", hook=70000),
        at="/spec/initContainers/0/lifecycle/preStop/httpGet/port",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the port of every probe and hook that has one handler."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            if (problem := _problem(probe)) is not None and probe.handler:
                what, instead = problem
                yield RULE.finding(container, probe.field, probe.handler, "port", what=what, instead=instead)
        for hook in container.hooks:
            if (problem := _problem(hook)) is not None and hook.handler:
                what, instead = problem
                yield RULE.finding(container, "lifecycle", hook.field, hook.handler, "port", what=what, instead=instead)


def _problem(handler: HandlerView) -> tuple[str, str] | None:
    """What is wrong with the port and what to write instead, None when all is well or another rule says it."""
    if len(handler.handlers) != 1 or not handler.over_network:
        return None
    port = handler.action.get("port")
    if isinstance(port, str):
        return _name_problem(port, handler)
    if isinstance(port, (int, float)) and not isinstance(port, bool) and 1 <= port <= LARGEST and port % 1 == 0:
        return None
    return f"no port in {handler.handler}" if port is None else f"port {port!r}", f"write a number from 1 to {LARGEST}"


def _name_problem(port: str, handler: HandlerView) -> tuple[str, str] | None:
    if handler.handler == "grpc":
        return f"port {port!r} of grpc, which takes numbers only", "write the port's number, without quotes"
    if port.isdecimal():
        return f"port {port!r} in quotes, which makes it a name", "write the number without quotes"
    instead = port_name(port)
    return None if instead is None else (f"invalid port name {port!r}", instead)
