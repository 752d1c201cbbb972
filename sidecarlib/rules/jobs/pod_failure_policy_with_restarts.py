"""A Job has a policy for failed Pods, and restarts containers so that Pods do not fail.

What it does:
    Finds `podFailurePolicy` in a Job whose Pods have `restartPolicy: OnFailure`.

Why it matters:
    The API server refuses the Job: `only "Never" is supported when podFailurePolicy is specified` (`validateJobSpec`; measured
    on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    KEP-3329; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  podFailurePolicy:
    rules:
    - {{action: FailJob, onExitCodes: {{containerName: work, operator: In, values: [42]}}}}
  template:
    spec:
      restartPolicy: {policy}
      containers:
      - {{name: work, image: work:1.0}}
"""

GOOD = (Good(manifest=_JOB.format(policy="Never")),)
BAD = (Bad(manifest=_JOB.format(policy="OnFailure"), at="/spec/template/spec/restartPolicy"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the policy in Jobs that restart their containers."""
    if pod.restart_policy != "OnFailure":
        return
    job = workload_of(pod, among=JOB_KINDS)
    if job is not None and job.job_fields.get("podFailurePolicy") is not None:
        yield RULE.finding(
            pod,
            "restartPolicy",
            what="restart policy OnFailure in a Job with a podFailurePolicy",
            instead="write Never, or leave the podFailurePolicy out",
        )
