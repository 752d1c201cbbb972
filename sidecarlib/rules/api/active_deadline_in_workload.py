"""A workload that keeps its Pods running gives them a deadline.

What it does:
    Finds `activeDeadlineSeconds` in the pod template of a Deployment, StatefulSet, DaemonSet, ReplicaSet or
    ReplicationController.

Why it matters:
    The API server refuses the workload: `activeDeadlineSeconds in ReplicaSet is not Supported`
    (`ValidatePodTemplateSpecForReplicaSet` and its likes; measured on Kubernetes 1.37.2).

When it is fine:
    Never; Jobs and Pods may have it.

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
      {deadline}
      containers:
      - {{name: web, image: web:1.0}}
"""
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: nightly}
spec:
  template:
    spec:
      restartPolicy: Never
      activeDeadlineSeconds: 600
      containers:
      - {name: work, image: work:1.0}
"""
_AT = "/spec/template/spec/activeDeadlineSeconds"

GOOD = (Good(manifest=_WORKLOAD.format(kind="Deployment", deadline="")), Good(manifest=_JOB))
BAD = (
    Bad(manifest=_WORKLOAD.format(kind="Deployment", deadline="activeDeadlineSeconds: 600"), at=_AT),
    Bad(manifest=_WORKLOAD.format(kind="DaemonSet", deadline="activeDeadlineSeconds: 600"), at=_AT),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a deadline in the template of the kinds that take none."""
    if pod.spec.get("activeDeadlineSeconds") is not None and own_kind(pod) in REPLACING_KINDS:
        yield RULE.finding(
            pod,
            "activeDeadlineSeconds",
            what=f"a deadline for the Pods of a {pod.kind}",
            instead="leave it out; write a Job for what has to end",
        )
