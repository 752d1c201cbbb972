"""The Pod requests less of a resource than its containers do together.

What it does:
    Compares the Pod's own `resources.requests` with what its containers request: sidecars and main containers together, or an init
    container with the sidecars before it when that is more. A container that writes only a limit requests its limit.

Why it matters:
    The API server refuses the Pod: `must be greater than or equal to aggregate container requests of 700m`
    (`validatePodResourceConsistency`; measured on Kubernetes 1.37.2). Where the request follows from a limit, a workload is accepted and
    its Pods are refused one by one.

When it is fine:
    Never.

References:
    KEP-2837; KEP-753, "Resources calculation"; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.effective_resources import aggregate_requests, amount, readable
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
  resources: {{requests: {{{pod}}}}}
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    resources: {{requests: {{cpu: 200m, memory: 128Mi}}}}
  - name: migrate
    image: web:1.0
    resources: {{requests: {{cpu: 100m, memory: 1Gi}}}}
  containers:
  - name: web
    image: web:1.0
    resources: {{{web}: {{cpu: 500m, memory: 512Mi}}}}
"""

GOOD = (
    Good(manifest=_POD.format(pod="cpu: 700m, memory: 1152Mi", web="requests"), kubernetes="1.34"),
    Good(manifest=_POD.format(pod="memory: 2Gi", web="limits"), kubernetes="1.37"),
)
BAD = (
    Bad(
        manifest=_POD.format(pod="cpu: 600m, memory: 1152Mi", web="requests"),
        at="/spec/resources/requests/cpu",
        kubernetes="1.34",
    ),
    Bad(
        manifest=_POD.format(pod="cpu: 1, memory: 1Gi", web="requests"),
        at="/spec/resources/requests/memory",
        kubernetes="1.37",
    ),
    Bad(manifest=_POD.format(pod="cpu: 600m", web="limits"), at="/spec/resources/requests/cpu", kubernetes="1.37"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the Pod's requests with the sum over its containers."""
    requests = mapping(nested(pod.spec.get("resources"), ("requests",)))
    if not requests:
        return
    together = aggregate_requests(pod)
    for name, request in requests.items():
        asked, needed = amount(request), together.get(name, 0)
        if asked is not None and asked < needed:
            yield RULE.finding(
                pod,
                "resources",
                "requests",
                name,
                what=f"requests {request} of {name}, its containers request {readable(name, needed)}",
                instead=f"write {readable(name, needed)} or more",
            )
