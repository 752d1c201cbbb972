"""A request or a limit is no quantity.

What it does:
    Reads every amount in `resources.requests` and `resources.limits`, of each container and of the Pod itself: a number with one
    of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, not negative.

Why it matters:
    The API server refuses the Pod: `quantities must match the regular expression`, `must be greater than or equal to 0`
    (`ParseQuantity`, `ValidateResourceQuantityValue`; measured on Kubernetes 1.37.2). `512MB`, `1 Gi` and `100 m` are no
    quantities; a suffix without digits is one to the API server, zero.

When it is fine:
    Never.

References:
    `k8s.io/apimachinery/pkg/api/resource`; `pkg/apis/core/validation/validation.go`.
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
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always, resources: {{requests: {{{proxy}}}}}}}
  containers:
  - {{name: web, image: web:1.0, resources: {{limits: {{{web}}}}}}}
"""
_LIMITS = "/spec/containers/0/resources/limits"

GOOD = (
    Good(manifest=_POD.format(proxy="cpu: 100m, memory: 64Mi", web="cpu: 1, memory: 1.5Gi")),
    Good(manifest=_POD.format(proxy="cpu: 0.5, memory: 64e6", web="cpu: 0")),
)
BAD = (
    Bad(manifest=_POD.format(proxy="memory: 64Mi", web="memory: 512MB"), at=f"{_LIMITS}/memory"),
    Bad(manifest=_POD.format(proxy="memory: 64Mi", web="cpu: 100 m"), at=f"{_LIMITS}/cpu"),
    Bad(
        manifest=_POD.format(proxy="memory: -64Mi", web="memory: 512Mi"),
        at="/spec/initContainers/0/resources/requests/memory",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the amounts of every container, and the Pod's."""
    subjects: list[ContainerView | PodView] = [*pod.containers(), pod]
    for subject in subjects:
        if (resources := subject.spec.get("resources")) is None:
            continue
        for field in ("requests", "limits"):
            for name, quantity in mapping(mapping(resources).get(field)).items():
                value = amount(quantity)
                if quantity is None or (value is not None and value >= 0) or (value is None and _is_zero(quantity)):
                    continue
                yield RULE.finding(
                    subject,
                    "resources",
                    field,
                    str(name),
                    what=f"{quantity!r} is " + ("no quantity" if value is None else "negative"),
                    instead="write a number and a suffix, like 250m or 64Mi",
                )


def _is_zero(quantity: object) -> bool:
    """Whether a text is a suffix alone, with or without a sign."""
    text = str(quantity)
    body = text[1:] if text[:1] in {"+", "-"} else text
    return bool(text) and not body[:1].isdigit() and amount(f"0{body}") is not None
