"""The exit codes of a Job's policy for failed Pods are in disorder.

What it does:
    Finds `podFailurePolicy.rules[].onExitCodes.values` that are empty, not in ascending order or hold a code twice, and 0 with the operator
    In.

Why it matters:
    The API server refuses the Job: `must be ordered`, `Duplicate value`, `must not be 0 for the In operator`
    (`validatePodFailurePolicyRuleOnExitCodes`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    KEP-3329; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, nested
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  podFailurePolicy:
    rules:
    - {{action: FailJob, onExitCodes: {{containerName: work, operator: {operator}, values: {values}}}}}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_AT = "/spec/podFailurePolicy/rules/0/onExitCodes/values"

GOOD = (
    Good(manifest=_JOB.format(operator="In", values="[1, 42, 137]")),
    Good(manifest=_JOB.format(operator="NotIn", values="[0, 137]")),
)
BAD = (
    Bad(manifest=_JOB.format(operator="In", values="[42, 1]"), at=_AT),
    Bad(manifest=_JOB.format(operator="In", values="[1, 42, 42]"), at=_AT),
    Bad(manifest=_JOB.format(operator="In", values="[0, 42]"), at=_AT),
    Bad(manifest=_JOB.format(operator="In", values="[]"), at=_AT),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the exit codes of every rule of the policy."""
    job = workload_of(pod, among=JOB_KINDS)
    if job is None or (policy := job.job_fields.get("podFailurePolicy")) is None:
        return
    for index, rule in enumerate(items(nested(policy, ("rules",)))):
        codes = mapping(rule).get("onExitCodes")
        if isinstance(codes, Mapping) and (problem := _problem(codes)) is not None:
            what, instead = problem
            place = ("podFailurePolicy", "rules", index, "onExitCodes", "values")
            yield workload_finding(RULE, job, *job.job_path, *place, what=what, instead=instead)


def _problem(codes: Mapping[str, Any]) -> tuple[str, str] | None:
    values: Sequence[Any] = items(codes.get("values"))
    if not values:
        return "no exit codes", "write at least one"
    if any(isinstance(value, bool) or not isinstance(value, int) for value in values):
        return f"exit codes {list(values)!r} are no whole numbers", "write whole numbers"
    ordered = sorted(set(values))
    if list(values) != ordered:
        return f"exit codes {list(values)!r} are not in ascending order, each once", f"write {ordered!r}"
    if 0 in values and codes.get("operator") == "In":
        return "exit code 0 with the operator In: it is no failure", "leave 0 out"
    return None
