"""A Job with a policy for failed Pods replaces Pods before they have failed.

What it does:
    Finds `podReplacementPolicy: TerminatingOrFailed` beside a `podFailurePolicy`, and values that Kubernetes does not know.

Why it matters:
    The API server refuses the Job: `Unsupported value: "TerminatingOrFailed": supported values: "Failed"`
    (`validatePodReplacementPolicy`; measured on Kubernetes 1.37.2). A Pod has no exit codes to judge until it has ended.

When it is fine:
    Never.

References:
    KEP-3329, KEP-3939; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

FIELD = "podReplacementPolicy"
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  podReplacementPolicy: {replacement}
  {failure}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_FAILURE = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]}"

GOOD = (
    Good(manifest=_JOB.format(replacement="Failed", failure=_FAILURE)),
    Good(manifest=_JOB.format(replacement="TerminatingOrFailed", failure="backoffLimit: 2")),
)
BAD = (
    Bad(manifest=_JOB.format(replacement="TerminatingOrFailed", failure=_FAILURE), at=f"/spec/{FIELD}"),
    Bad(manifest=_JOB.format(replacement="Terminating", failure="backoffLimit: 2"), at=f"/spec/{FIELD}"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the policy with those that the Job may have."""
    job = workload_of(pod, among=JOB_KINDS)
    if job is None or (policy := job.job_fields.get(FIELD)) is None:
        return
    judged = job.job_fields.get("podFailurePolicy") is not None
    if policy not in (("Failed",) if judged else ("Failed", "TerminatingOrFailed")):
        yield workload_finding(
            RULE,
            job,
            *job.job_path,
            FIELD,
            what=f"{policy!r} beside a podFailurePolicy" if judged else f"unknown policy {policy!r}",
            instead="write Failed, or leave it out" if judged else "write Failed or TerminatingOrFailed",
        )
