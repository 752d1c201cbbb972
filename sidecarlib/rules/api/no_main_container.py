"""A Pod has no main container.

What it does:
    Finds a Pod whose `containers` are missing or empty, however many sidecars and init containers it has.

Why it matters:
    The API server refuses the Pod: `spec.containers: Required value` (`validateContainers`; measured on Kubernetes 1.37.2). A
    Pod lives as long as its main containers do, so it cannot consist of sidecars alone.

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
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always}}
  containers: {mains}
"""

GOOD = (Good(manifest=_POD.format(mains="[{name: web, image: web:1.0}]")),)
BAD = (
    Bad(manifest=_POD.format(mains="[]"), at="/spec/containers"),
    Bad(manifest=_POD.format(mains=""), at="/spec/containers"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a first main container."""
    if not pod.mains() and not pod.spec.get("containers"):
        yield RULE.finding(
            pod,
            "containers",
            what="no main container",
            instead="write the container that does the Pod's work under containers, sidecars alone make no Pod",
        )
