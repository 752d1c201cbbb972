"""Two containers that run at the same time declare the same port.

What it does:
    Compares number and protocol of the declared ports of main containers and sidecars.

Why it matters:
    All containers of a Pod share one network namespace: the second to bind the port gets `address already in use`, and where its program
    then exits, it never runs. The API server accepts it with a warning, `duplicate port definition` (measured on Kubernetes
    1.37.2), unless the Pod uses the node's network, where it refuses the Pod.

When it is fine:
    Each binds it on an address of its own, or both with SO_REUSEPORT, or one of the declarations is not true.

References:
    `pkg/api/pod/warnings.go`; Kubernetes documentation, "Pod networking".
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity

RULE = Rule(__name__, severity=Severity.ERROR, confidence=Confidence.LIKELY)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always, ports: [{{containerPort: {proxy}}}]}}
  - {{name: migrate, image: web:1.0, ports: [{{containerPort: 8080}}]}}
  containers:
  - {{name: web, image: web:1.0, ports: [{{containerPort: 8080}}]}}
  - {{name: admin, image: admin:1.0, ports: [{{containerPort: {admin}}}]}}
"""

GOOD = (
    Good(manifest=_POD.format(proxy=9000, admin=8081)),
    Good(manifest=_POD.format(proxy="8080, protocol: UDP", admin=8081)),
)
BAD = (
    Bad(manifest=_POD.format(proxy=8080, admin=8081), at="/spec/initContainers/0/ports/0/containerPort"),
    Bad(manifest=_POD.format(proxy=9000, admin=8080), at="/spec/containers/1/ports/0/containerPort"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the ports of all containers that run at the same time, the mains' first."""
    taken: dict[tuple[str, int], ContainerView] = {}
    for container in (*pod.mains(), *pod.native_sidecars()):
        for port in container.ports:
            if port.number is None:
                continue
            other = taken.setdefault((port.protocol, port.number), container)
            if other is not container:
                yield RULE.finding(
                    container,
                    "ports",
                    int(port.pointer.rpartition("/")[2]),
                    "containerPort",
                    what=f"{other.name} has port {port.number} too, and all containers of a Pod share one network",
                    instead="let one of the two listen on another port",
                )
