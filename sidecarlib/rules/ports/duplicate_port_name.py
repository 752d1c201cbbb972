"""Two ports of a container have the same name.

What it does:
    Compares the names of the declared ports of each container.

Why it matters:
    The API server refuses the Pod: `ports[1].name: Duplicate value` (`validateContainerPorts`; measured on Kubernetes 1.37.2).

When it is fine:
    In two containers; a Service then takes the main container's.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
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
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    ports:
    - {{name: admin, containerPort: 9000}}
    - {{name: {second}, containerPort: 9001}}
  containers:
  - {{name: web, image: web:1.0, ports: [{{name: admin, containerPort: 8080}}]}}
"""

GOOD = (Good(manifest=_POD.format(second="metrics")),)
BAD = (Bad(manifest=_POD.format(second="admin"), at="/spec/initContainers/0/ports/1/name"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the names of the ports of each container with more than one."""
    for container in pod.containers():
        ports = container.ports
        if len(ports) < 2:  # noqa: PLR2004 - a pair
            continue
        seen: set[str] = set()
        for port in ports:
            if port.name and port.name in seen:
                index = int(port.pointer.rpartition("/")[2])
                yield RULE.finding(
                    container,
                    "ports",
                    index,
                    "name",
                    what=f"another port of the container is called {port.name!r} too",
                    instead="give one of the two another name",
                )
            seen.add(port.name)
