"""A workload's selector does not select its own Pods.

What it does:
    Applies the selector of a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController or Job with `manualSelector` to
    the labels of its pod template, and finds selectors that are missing or empty.

Why it matters:
    The API server refuses the workload: "`selector` does not match template `labels`", `empty selector is invalid for
    deployment`, `spec.selector: Required value` (`ValidatePodTemplateSpecForReplicaSet` and its likes; measured on Kubernetes
    1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/apps/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, text
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import REPLACING_KINDS, WorkloadView, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

KINDS = REPLACING_KINDS | {"Job"}
_WORKLOAD = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  {selector}
  template:
    metadata: {{labels: {{app: web, tier: front}}}}
    spec:
      containers:
      - {{name: web, image: web:1.0}}
"""
_LABELS = "/spec/template/metadata/labels"

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  {selector}
  template:
    metadata: {{labels: {{app: nightly}}}}
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""

GOOD = (
    Good(manifest=_JOB.format(selector="backoffLimit: 2")),
    Good(manifest=_JOB.format(selector="manualSelector: true\n  selector: {matchLabels: {app: nightly}}")),
    Good(manifest=_WORKLOAD.format(kind="Deployment", selector="selector: {matchLabels: {app: web}}")),
    Good(
        manifest=_WORKLOAD.format(
            kind="DaemonSet",
            selector="selector: {matchExpressions: [{key: tier, operator: In, values: [front, back]}, "
            "{key: old, operator: DoesNotExist}]}",
        )
    ),
)
BAD = (
    Bad(manifest=_WORKLOAD.format(kind="Deployment", selector="selector: {matchLabels: {app: api}}"), at=_LABELS),
    Bad(
        manifest=_WORKLOAD.format(
            kind="StatefulSet",
            selector="selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [front]}]}",
        ),
        at=_LABELS,
    ),
    Bad(manifest=_WORKLOAD.format(kind="Deployment", selector="selector: {}"), at="/spec/selector"),
    Bad(manifest=_WORKLOAD.format(kind="ReplicaSet", selector="replicas: 1"), at="/spec/selector"),
    Bad(manifest=_JOB.format(selector="manualSelector: true\n  selector: {matchLabels: {app: web}}"), at=_LABELS),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Applies the selector to the template's labels."""
    workload = workload_of(pod, among=KINDS)
    if workload is None or (workload.kind == "Job" and not _selects_by_hand(workload)):
        return
    labels = mapping(workload.get(*workload.template("metadata", "labels")))
    selector = workload.get("spec", "selector")
    wanted = mapping(mapping(selector).get("matchLabels"))
    expressions = items(mapping(selector).get("matchExpressions"))
    if workload.kind == "ReplicationController":
        wanted, expressions = mapping(selector) or labels, ()
    if not wanted and not expressions:
        yield workload_finding(
            RULE,
            workload,
            "spec",
            "selector",
            what="no selector" if selector is None else "an empty selector",
            instead="write matchLabels with labels of the pod template",
        )
        return
    missed = [f"{key}={value}" for key, value in wanted.items() if labels.get(key) != value]
    missed += [_written(mapping(each)) for each in expressions if not _holds(mapping(each), labels)]
    if missed:
        yield _mismatch(workload, missed, labels)


def _selects_by_hand(job: WorkloadView) -> bool:
    return job.job_fields.get("manualSelector") is True and any(mapping(job.job_fields.get("selector")).values())


def _mismatch(workload: WorkloadView, missed: list[str], labels: Mapping[str, Any]) -> Finding:
    there = ", ".join(f"{key}={value}" for key, value in labels.items())
    return workload_finding(
        RULE,
        workload,
        *workload.template("metadata", "labels"),
        what=f"the selector wants {', '.join(missed)}, the pod template has {there or 'no labels'}",
        instead="write the same labels in the selector and in the template",
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Whether an expression selects these labels; an unknown operator is another rule's matter."""
    key, values = text(expression.get("key")), items(expression.get("values"))
    there = key in labels
    match expression.get("operator"):
        case "In":
            return there and labels[key] in values
        case "NotIn":
            return not there or labels[key] not in values
        case "Exists":
            return there
        case "DoesNotExist":
            return not there
        case _:
            return True


def _written(expression: Mapping[str, Any]) -> str:
    values = ", ".join(str(value) for value in items(expression.get("values")))
    return f"{expression.get('key')} {expression.get('operator')}" + (f" ({values})" if values else "")
