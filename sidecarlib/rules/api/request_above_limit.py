"""A container, or the Pod, requests more of a resource than its limit allows.

What it does:
    Compares `resources.requests` with `resources.limits`, of each container and of the Pod itself. Extended resources (GPUs) and
    huge pages have to have a limit, and to request exactly that.

Why it matters:
    The API server refuses the Pod: `must be less than or equal to cpu limit of 1`, `must be equal to nvidia.com/gpu limit of 2`,
    `Limit must be set for non overcommitable resources` (`validateResourceRequirements`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`; `pkg/apis/core/helper/helpers.go`, IsOvercommitAllowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.effective_resources import amount
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping
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
    resources: {{requests: {{{request}}}, limits: {{{limit}}}}}
  containers:
  - {{name: web, image: web:1.0}}
"""
_REQUESTS = "/spec/initContainers/0/resources/requests"

GOOD = (
    Good(manifest=_POD.format(request="cpu: 100m, memory: 64Mi", limit="cpu: 0.1, memory: 64Mi")),
    Good(manifest=_POD.format(request="example.com/device: 1", limit="example.com/device: 1")),
)
BAD = (
    Bad(manifest=_POD.format(request="cpu: 2", limit="cpu: 1500m"), at=f"{_REQUESTS}/cpu"),
    Bad(manifest=_POD.format(request="memory: 1Gi", limit="memory: 1G"), at=f"{_REQUESTS}/memory"),
    Bad(
        manifest=_POD.format(request="example.com/device: 1", limit="example.com/device: 2"),
        at=f"{_REQUESTS}/example.com~1device",
    ),
    Bad(
        manifest=_POD.format(request="example.com/device: 1", limit="memory: 64Mi"),
        at="/spec/initContainers/0/resources/limits/example.com~1device",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares both tables of every container, and the Pod's."""
    subjects: list[ContainerView | PodView] = [*pod.containers(), pod]
    for subject in subjects:
        resources = mapping(subject.spec.get("resources"))
        requests = mapping(resources.get("requests"))
        if not requests:
            continue
        limits = mapping(resources.get("limits"))
        for name, request in requests.items():
            if isinstance(name, str) and (problem := _problem(name, request, limits.get(name))) is not None:
                what, instead = problem
                field = "requests" if name in limits else "limits"
                yield RULE.finding(subject, "resources", field, name, what=what, instead=instead)


def _problem(name: str, request: object, limit: object) -> tuple[str, str] | None:
    if limit == request:
        return None
    if limit is None:
        if _may_overcommit(name):
            return None
        return f"requests {request} of {name} without a limit", "write the same as its limit"
    asked, most = amount(request), amount(limit)
    if asked is None or most is None or asked == most or (asked < most and _may_overcommit(name)):
        return None
    instead = "raise the limit or lower the request" if _may_overcommit(name) else "write the same in both"
    return f"requests {request} of {name}, the limit is {limit}", instead


def _may_overcommit(name: str) -> bool:
    """Whether a request may be lower than the limit: Kubernetes' own resources, but for huge pages."""
    domain, slash, _ = name.rpartition("/")
    return (not slash or domain.endswith("kubernetes.io")) and not name.startswith("hugepages-")
