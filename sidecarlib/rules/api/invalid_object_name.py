"""A workload's name is one that its kind cannot have.

What it does:
    Reads `metadata.name`: a DNS subdomain of at most 253 characters, but for a Job of at most 63, for a CronJob of at most 52, for
    a StatefulSet a DNS label (at most 63, no dots), and for a Job with indexes a name that is a DNS label with `-` and the
    highest index behind it.

Why it matters:
    The API server refuses the workload (`ValidateCronJobCreate`, `ValidateStatefulSetName`, `validateNameAllowsCompletions`;
    measured on Kubernetes 1.37.2, a Job with a longer name by the label that it puts on its Pods).

When it is fine:
    Never.

References:
    RFC 1123; `pkg/apis/batch/validation/validation.go`, `pkg/apis/apps/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.names import LABEL_LENGTH, dns_label, dns_subdomain
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import WorkloadView, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

LONGEST_CRON_JOB = 52
"""The time of each run, `-` and ten digits, comes behind it in the names of its Jobs."""
_DEPLOYMENT = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
      - {{name: web, image: web:1.0}}
"""
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: {name}}}
spec:
  {fields}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {{name: {name}}}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {{name: work, image: work:1.0}}
"""
_INDEXED = "completionMode: Indexed\n  completions: 11"

GOOD = (
    Good(manifest=_DEPLOYMENT.format(kind="Deployment", name="web." + "w" * 60)),
    Good(manifest=_JOB.format(name="j" * 63, fields="backoffLimit: 0")),
    Good(manifest=_JOB.format(name="j" * 60, fields=_INDEXED)),
    Good(manifest=_CRON_JOB.format(name="c" * 52)),
)
BAD = (
    Bad(manifest=_DEPLOYMENT.format(kind="Deployment", name="Web"), at="/metadata/name"),
    Bad(manifest=_DEPLOYMENT.format(kind="StatefulSet", name="web.db"), at="/metadata/name"),
    Bad(manifest=_JOB.format(name="j" * 64, fields="backoffLimit: 0"), at="/metadata/name"),
    Bad(manifest=_JOB.format(name="j" * 61, fields=_INDEXED), at="/metadata/name"),
    Bad(manifest=_CRON_JOB.format(name="c" * 53), at="/metadata/name"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the name as the kind does."""
    workload = workload_of(pod)
    if workload is None:
        return
    name = workload.get("metadata", "name")
    if not isinstance(name, str):
        return
    instead = _instead(workload, name)
    if instead is not None:
        yield workload_finding(
            RULE,
            workload,
            "metadata",
            "name",
            what=f"invalid name {name!r} of {len(name)} characters for a {workload.kind}",
            instead=instead,
        )


def _instead(workload: WorkloadView, name: str) -> str | None:
    kind = workload.kind
    if kind == "StatefulSet":
        return dns_label(name)
    if (instead := dns_subdomain(name)) is not None:
        return instead
    if kind == "CronJob" and len(name) > LONGEST_CRON_JOB:
        return f"use at most {LONGEST_CRON_JOB} characters"
    return _instead_for_job(workload, name) if kind == "Job" else None


def _instead_for_job(workload: WorkloadView, name: str) -> str | None:
    if len(name) > LABEL_LENGTH:
        return f"use at most {LABEL_LENGTH} characters"
    fields = workload.job_fields
    completions = fields.get("completions")
    if fields.get("completionMode") == "Indexed" and isinstance(completions, int) and completions > 0:
        suffix = f"-{completions - 1}"
        if dns_label(name + suffix) is not None:
            return (
                f"use at most {LABEL_LENGTH - len(suffix)} characters without dots, for {suffix!r} to fit behind them"
            )
    return None
