"""A startup or liveness probe has to succeed more than once.

What it does:
    Finds `successThreshold` above 1 on startup and liveness probes.

Why it matters:
    The API server refuses the Pod: `successThreshold: Invalid value: 2: must be 1` (`validateStartupProbe`,
    `validateLivenessProbe`; measured on Kubernetes 1.37.2).

When it is fine:
    On a readiness probe.

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

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    {probe}: {{tcpSocket: {{port: 5432}}, periodSeconds: 1, successThreshold: {threshold}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(probe="startupProbe", threshold=1)),
    Good(manifest=_POD.format(probe="startupProbe", threshold=0)),
    Good(manifest=_POD.format(probe="readinessProbe", threshold=2)),
)
BAD = (
    Bad(
        manifest=_POD.format(probe="startupProbe", threshold=2),
        at="/spec/initContainers/0/startupProbe/successThreshold",
    ),
    Bad(
        manifest=_POD.format(probe="livenessProbe", threshold=3),
        at="/spec/initContainers/0/livenessProbe/successThreshold",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the threshold of every startup and liveness probe."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            if probe.success_threshold > 1 and probe.field != "readinessProbe":
                yield RULE.finding(
                    container,
                    probe.field,
                    "successThreshold",
                    what=f"{probe.field} has to succeed {probe.success_threshold} times",
                    instead="write 1, or leave it out",
                )
