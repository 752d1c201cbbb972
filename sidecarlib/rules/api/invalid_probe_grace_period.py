"""A probe has a grace period of its own that it cannot have.

What it does:
    Finds `terminationGracePeriodSeconds` on readiness probes, and values below 1 on startup and liveness probes.

Why it matters:
    The API server refuses the Pod: `must not be set for readinessProbes`, `must be greater than 0` (`validateReadinessProbe`,
    `validateProbe`; measured on Kubernetes 1.37.2). A failing readiness probe stops nothing, so there is nothing to wait for.

When it is fine:
    Never.

References:
    KEP-2238; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

FIELD = "terminationGracePeriodSeconds"
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    {probe}: {{tcpSocket: {{port: 5432}}, periodSeconds: 1, terminationGracePeriodSeconds: {grace}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(probe="startupProbe", grace=5)),
    Good(manifest=_POD.format(probe="livenessProbe", grace=1)),
)
BAD = (
    Bad(
        manifest=_POD.format(probe="readinessProbe", grace=5),
        at=f"/spec/initContainers/0/readinessProbe/{FIELD}",
    ),
    Bad(manifest=_POD.format(probe="startupProbe", grace=0), at=f"/spec/initContainers/0/startupProbe/{FIELD}"),
    Bad(manifest=_POD.format(probe="livenessProbe", grace=-1), at=f"/spec/initContainers/0/livenessProbe/{FIELD}"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the grace period of every probe that has one."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            grace = probe.spec.get(FIELD)
            if grace is None:
                continue
            if probe.field == "readinessProbe":
                yield RULE.finding(
                    container,
                    probe.field,
                    FIELD,
                    what="a grace period on a readiness probe, which stops nothing",
                    instead="leave it out, or write it on the startup or liveness probe",
                )
            elif isinstance(grace, int) and grace < 1:
                yield RULE.finding(
                    container,
                    probe.field,
                    FIELD,
                    what=f"a grace period of {grace} s",
                    instead="write 1 or more, or leave it out for the Pod's",
                )
