"""A main container has a higher limit than the whole Pod.

What it does:
    Compares the limits of main containers with the Pod's own `resources.limits`.

Why it matters:
    The API server refuses the Pod: `must be less than or equal to pod limits of 2` (`validatePodResourceConsistency`; measured on
    Kubernetes 1.37.2). It does not look at sidecars and init containers there.

When it is fine:
    Never.

References:
    KEP-2837; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.effective_resources import amount
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping, nested
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, since="1.34")

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  resources: {{limits: {{cpu: 2}}}}
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    resources: {{requests: {{cpu: 100m}}, limits: {{cpu: {proxy}}}}}
  containers:
  - name: web
    image: web:1.0
    resources: {{requests: {{cpu: 100m}}, limits: {{cpu: {web}}}}}
"""

GOOD = (Good(manifest=_POD.format(proxy=3, web="2000m"), kubernetes="1.37"),)
BAD = (Bad(manifest=_POD.format(proxy=1, web=3), at="/spec/containers/0/resources/limits/cpu", kubernetes="1.34"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the limits of every main container with the Pod's."""
    most = mapping(nested(pod.spec.get("resources"), ("limits",)))
    if not most:
        return
    for container in pod.mains():
        for name, limit in mapping(container.get("resources", "limits")).items():
            own, whole = amount(limit), amount(most.get(name))
            if own is not None and whole is not None and own > whole:
                yield RULE.finding(
                    container,
                    "resources",
                    "limits",
                    name,
                    what=f"a limit of {limit} of {name}, the Pod's is {most[name]}",
                    instead="raise the Pod's limit or lower the container's",
                )
