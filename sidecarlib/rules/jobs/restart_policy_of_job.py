"""A Job's Pods have no restart policy, or Always.

What it does:
    Finds templates of Jobs and CronJobs whose `restartPolicy` is Always or not written, for which Kubernetes takes Always.

Why it matters:
    The API server refuses the Job: `restartPolicy: Required value: valid values: "OnFailure", "Never"` (`validateJobSpec`;
    measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, own_kind

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  template:
    spec:
      {policy}
      containers:
      - {{name: work, image: work:1.0}}
"""
_CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - {name: work, image: work:1.0}
"""
_AT = "/spec/template/spec/restartPolicy"

GOOD = (
    Good(manifest=_JOB.format(policy="restartPolicy: Never")),
    Good(manifest=_JOB.format(policy="restartPolicy: OnFailure")),
)
BAD = (
    Bad(manifest=_JOB.format(policy=""), at=_AT),
    Bad(manifest=_JOB.format(policy="restartPolicy: Always"), at=_AT),
    Bad(manifest=_CRON_JOB, at="/spec/jobTemplate/spec/template/spec/restartPolicy"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the policy of a Job's Pods."""
    policy = pod.spec.get("restartPolicy")
    if (not policy or policy == "Always") and own_kind(pod) in JOB_KINDS:
        yield RULE.finding(
            pod,
            "restartPolicy",
            what="restart policy Always" if policy else "no restart policy, which means Always",
            instead="write Never: a failed try is a new Pod; or OnFailure: the container is restarted in its Pod",
        )
