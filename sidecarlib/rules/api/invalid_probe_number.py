"""A number of a probe is negative, or no whole number.

What it does:
    Reads `initialDelaySeconds`, `periodSeconds`, `timeoutSeconds`, `successThreshold` and `failureThreshold` of every probe.

Why it matters:
    The API server refuses the Pod: `must be greater than or equal to 0` (`validateProbe`), or cannot read the field, when it
    stands in quotes or has a fraction (measured on Kubernetes 1.37.2). Zero is taken for the field's default.

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

FIELDS = frozenset({"initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"})
LARGEST = 2**31 - 1
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    startupProbe: {{tcpSocket: {{port: 5432}}, {numbers}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(numbers="periodSeconds: 1, failureThreshold: 60, timeoutSeconds: 3")),
    Good(manifest=_POD.format(numbers="periodSeconds: 0, initialDelaySeconds: 0, failureThreshold: 60")),
)
BAD = (
    Bad(manifest=_POD.format(numbers="periodSeconds: -1"), at="/spec/initContainers/0/startupProbe/periodSeconds"),
    Bad(manifest=_POD.format(numbers="periodSeconds: 0.5"), at="/spec/initContainers/0/startupProbe/periodSeconds"),
    Bad(manifest=_POD.format(numbers="timeoutSeconds: '3'"), at="/spec/initContainers/0/startupProbe/timeoutSeconds"),
    Bad(
        manifest=_POD.format(numbers="failureThreshold: 3000000000"),
        at="/spec/initContainers/0/startupProbe/failureThreshold",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the numbers of every probe."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            for field, value in probe.spec.items():
                if field in FIELDS and value is not None and (what := _problem(value)) is not None:
                    yield RULE.finding(
                        container, probe.field, field, what=what, instead="write a whole number of 0 or more"
                    )


def _problem(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1:
        return f"{value!r} is no whole number"
    if value < 0:
        return f"{value!r} is negative"
    return f"{value!r} is more than {LARGEST}" if value > LARGEST else None
