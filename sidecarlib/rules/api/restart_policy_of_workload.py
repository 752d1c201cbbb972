"""A workload that keeps its Pods running has another restart policy than Always.

What it does:
    Finds `restartPolicy: Never` and `OnFailure` in the template of a Deployment, StatefulSet, DaemonSet, ReplicaSet or
    ReplicationController.

Why it matters:
    The API server refuses the workload: `Unsupported value: "Never": supported values: "Always"` (`ValidateDeploymentSpec` and
    its likes; measured on Kubernetes 1.37.2).

When it is fine:
    Never; what is to run once belongs into a Job.

References:
    `pkg/apis/apps/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import REPLACING_KINDS, own_kind

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_WORKLOAD = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      {policy}
      containers:
      - {{name: web, image: web:1.0}}
"""
_AT = "/spec/template/spec/restartPolicy"

GOOD = (
    Good(manifest=_WORKLOAD.format(kind="Deployment", policy="")),
    Good(manifest=_WORKLOAD.format(kind="StatefulSet", policy="restartPolicy: Always")),
)
BAD = (
    Bad(manifest=_WORKLOAD.format(kind="Deployment", policy="restartPolicy: Never"), at=_AT),
    Bad(manifest=_WORKLOAD.format(kind="StatefulSet", policy="restartPolicy: OnFailure"), at=_AT),
    Bad(manifest=_WORKLOAD.format(kind="DaemonSet", policy="restartPolicy: Never"), at=_AT),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the Pod's policy with the one that the kind takes."""
    if pod.restart_policy in {"Never", "OnFailure"} and own_kind(pod) in REPLACING_KINDS:
        yield RULE.finding(
            pod,
            "restartPolicy",
            what=f"restart policy {pod.restart_policy} in a {pod.kind}",
            instead="leave it out: the Pods of this kind always restart; write a Job for what runs once",
        )
