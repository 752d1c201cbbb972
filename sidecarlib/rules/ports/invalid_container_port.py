"""A declared port has a number, a name or a protocol that no port can have.

What it does:
    Reads `containerPort`, `hostPort`, `name` and `protocol` of every declared port of every container.

Why it matters:
    The API server refuses the Pod (`validateContainerPorts`; measured on Kubernetes 1.37.2): numbers go from 1 to 65535, names
    are at most 15 lower-case letters, digits and single `-` with at least one letter, protocols are TCP, UDP and SCTP in
    capitals.

When it is fine:
    Never.

References:
    RFC 6335; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.model.names import port_name
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

LARGEST = 65535
PROTOCOLS = ("TCP", "UDP", "SCTP")
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always, ports: [{{{proxy}}}]}}
  containers:
  - {{name: web, image: web:1.0, ports: [{{{web}}}]}}
"""
_PROXY = "/spec/initContainers/0/ports/0"
_WEB = "/spec/containers/0/ports/0"

GOOD = (
    Good(manifest=_POD.format(proxy="name: metrics-9, containerPort: 65535", web="containerPort: 8080, hostPort: 0")),
    Good(manifest=_POD.format(proxy="containerPort: 53, protocol: UDP", web="containerPort: 1, hostPort: 8080")),
)
BAD = (
    Bad(manifest=_POD.format(proxy="containerPort: 0", web="containerPort: 80"), at=f"{_PROXY}/containerPort"),
    Bad(manifest=_POD.format(proxy="name: metrics", web="containerPort: 80"), at=f"{_PROXY}/containerPort"),
    Bad(manifest=_POD.format(proxy="containerPort: 90", web="containerPort: 70000"), at=f"{_WEB}/containerPort"),
    Bad(manifest=_POD.format(proxy="containerPort: 90", web="containerPort: '80'"), at=f"{_WEB}/containerPort"),
    Bad(manifest=_POD.format(proxy="containerPort: 90", web="containerPort: 80, name: a--b"), at=f"{_WEB}/name"),
    Bad(
        manifest=_POD.format(proxy="containerPort: 90, name: prometheus-metrics", web="containerPort: 80"),
        at=f"{_PROXY}/name",
    ),
    Bad(manifest=_POD.format(proxy="containerPort: 90", web="containerPort: 80, protocol: tcp"), at=f"{_WEB}/protocol"),
    Bad(manifest=_POD.format(proxy="containerPort: 90", web="containerPort: 80, hostPort: -1"), at=f"{_WEB}/hostPort"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads every declared port."""
    for container in pod.containers():
        for index, port in enumerate(items(container.spec.get("ports"))):
            for field, what, instead in _problems(mapping(port)):
                yield RULE.finding(container, "ports", index, field, what=what, instead=instead)


def _problems(port: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    number, on_host = port.get("containerPort"), port.get("hostPort")
    if not _is_port(number):
        what = "a port without a number" if number is None else f"port {number!r}"
        yield "containerPort", what, f"write a number from 1 to {LARGEST}, without quotes"
    if on_host is not None and on_host != 0 and not _is_port(on_host):
        yield "hostPort", f"host port {on_host!r}", f"write a number from 1 to {LARGEST}, or leave it out"
    name, protocol = port.get("name"), port.get("protocol")
    if name:
        if not isinstance(name, str):
            yield "name", f"the port name {name!r} is no text", "write a name with a letter in it"
        elif (instead := port_name(name)) is not None:
            yield "name", f"invalid port name {name!r}", instead
    if protocol and protocol not in PROTOCOLS:
        yield "protocol", f"unknown protocol {protocol!r}", f"write {', '.join(PROTOCOLS)}"


def _is_port(number: object) -> bool:
    return (
        isinstance(number, (int, float)) and not isinstance(number, bool) and 1 <= number <= LARGEST and number % 1 == 0
    )
