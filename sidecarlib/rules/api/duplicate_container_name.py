"""Two containers of a Pod have the same name.

What it does:
    Finds a container whose name another one of the Pod has already: a main container, a sidecar or an init container.

Why it matters:
    The API server refuses the Pod: `Duplicate value` (`validateContainers`, `validateInitContainers`; measured on Kubernetes
    1.37.2). Names are unique over `containers` and `initContainers` together.

When it is fine:
    Never.

References:
    KEP-753; `pkg/apis/core/validation/validation.go`.
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
  - {{name: {sidecar}, image: proxy:1.0, restartPolicy: Always}}
  containers:
  - {{name: web, image: web:1.0}}
  - {{name: {main}, image: worker:1.0}}
"""

GOOD = (Good(manifest=_POD.format(sidecar="proxy", main="worker")),)
BAD = (
    Bad(manifest=_POD.format(sidecar="web", main="worker"), at="/spec/initContainers/0/name"),
    Bad(manifest=_POD.format(sidecar="proxy", main="web"), at="/spec/containers/1/name"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the names of all containers, the mains' first."""
    containers = pod.mains() + pod.init_sequence()
    if len({container.name for container in containers}) == len(containers):
        return
    seen: set[str] = set()
    for container in containers:
        if container.name and container.name in seen:
            yield RULE.finding(
                container,
                "name",
                what=f"another container of the Pod is called {container.name!r} too",
                instead="give one of the two another name",
            )
        seen.add(container.name)
