"""A Job without indexes has fields about them.

What it does:
    Finds `backoffLimitPerIndex`, `maxFailedIndexes` and `successPolicy` in a Job whose `completionMode` is not Indexed, and the
    action FailIndex in one without `backoffLimitPerIndex`.

Why it matters:
    The API server refuses the Job: `requires indexed completion mode`, `requires the backoffLimitPerIndex to be set`
    (`validateJobSpec`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    KEP-3850, KEP-3998; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, nested
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

FIELDS = ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  completions: 3
  {mode}
  {field}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_INDEXED = "completionMode: Indexed"
_FAIL_INDEX = "podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [42]}}]}"

GOOD = (
    Good(manifest=_JOB.format(mode=_INDEXED, field="backoffLimitPerIndex: 1\n  maxFailedIndexes: 2")),
    Good(manifest=_JOB.format(mode=_INDEXED, field="successPolicy: {rules: [{succeededCount: 1}]}")),
    Good(manifest=_JOB.format(mode=_INDEXED, field=f"backoffLimitPerIndex: 1\n  {_FAIL_INDEX}")),
)
BAD = (
    Bad(manifest=_JOB.format(mode="parallelism: 3", field="backoffLimitPerIndex: 1"), at="/spec/backoffLimitPerIndex"),
    Bad(
        manifest=_JOB.format(mode="completionMode: NonIndexed", field="successPolicy: {rules: [{succeededCount: 1}]}"),
        at="/spec/successPolicy",
    ),
    Bad(manifest=_JOB.format(mode=_INDEXED, field=_FAIL_INDEX), at="/spec/podFailurePolicy/rules/0/action"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the fields in Jobs without indexes."""
    job = workload_of(pod, among=JOB_KINDS)
    if job is None:
        return
    fields = job.job_fields
    if fields.get("completionMode") != "Indexed":
        for field in FIELDS:
            if fields.get(field) is not None:
                yield workload_finding(
                    RULE,
                    job,
                    *job.job_path,
                    field,
                    what=f"{field} in a Job without indexes",
                    instead="write completionMode: Indexed and completions, or leave it out",
                )
    if fields.get("backoffLimitPerIndex") is not None or "podFailurePolicy" not in fields:
        return
    for index, rule in enumerate(items(nested(fields["podFailurePolicy"], ("rules",)))):
        if mapping(rule).get("action") == "FailIndex":
            yield workload_finding(
                RULE,
                job,
                *job.job_path,
                "podFailurePolicy",
                "rules",
                index,
                "action",
                what="FailIndex without a backoffLimitPerIndex",
                instead="write backoffLimitPerIndex, or FailJob",
            )
