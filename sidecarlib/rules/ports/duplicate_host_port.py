"""Two containers of a Pod want the same port of the node.

What it does:
    Compares protocol, `hostIP` and `hostPort` of all declared ports, of main containers and sidecars.

Why it matters:
    Between main containers, and within one container, the API server refuses the Pod: `hostPort: Duplicate value: "TCP//8080"`
    (`checkHostPortConflicts`). Between a sidecar and another container it accepts it, without a warning when the container ports
    differ, and the Pod runs (both measured on Kubernetes 1.37.2); only one of the two can get what arrives at the node.

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.port_view import PortView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always, ports: [{{containerPort: 9000, hostPort: {proxy}}}]}}
  containers:
  - {{name: web, image: web:1.0, ports: [{{containerPort: 8080, hostPort: 8080}}]}}
  - {{name: admin, image: admin:1.0, ports: [{{containerPort: 8081, hostPort: {admin}}}]}}
"""

GOOD = (
    Good(manifest=_POD.format(proxy=9000, admin=8081)),
    Good(manifest=_POD.format(proxy=9000, admin="8080, hostIP: 10.0.0.1")),
    Good(manifest=_POD.format(proxy="8080, protocol: UDP", admin=8081)),
)
BAD = (
    Bad(manifest=_POD.format(proxy=9000, admin=8080), at="/spec/containers/1/ports/0/hostPort"),
    Bad(manifest=_POD.format(proxy=8080, admin=8081), at="/spec/initContainers/0/ports/0/hostPort"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the host ports of all containers that run at the same time, the mains' first."""
    taken: dict[tuple[str, str, int], ContainerView] = {}
    for container in (*pod.mains(), *pod.native_sidecars()):
        for port in container.ports:
            if not port.host_port:
                continue
            key = (port.protocol, port.host_ip, port.host_port)
            if (other := taken.setdefault(key, container)) is not container or _comes_again(container, port, key):
                yield _clash(container, port, other)


def _comes_again(container: ContainerView, port: PortView, key: tuple[str, str, int]) -> bool:
    """Whether an earlier port of the same container has the same host port."""
    same = (each for each in container.ports if (each.protocol, each.host_ip, each.host_port) == key)
    return next(same) is not port


def _clash(container: ContainerView, port: PortView, other: ContainerView) -> Finding:
    refused = container is other or (container.role is Role.MAIN and other.role is Role.MAIN)
    return RULE.finding(
        container,
        "ports",
        int(port.pointer.rpartition("/")[2]),
        "hostPort",
        what=f"{other.name} has host port {port.host_port} already"
        + ("" if refused else ", only one of the two gets what arrives there"),
        instead="write another host port, or leave it out",
        severity=None if refused else Severity.WARNING,
    )
