"""A Job brings a selector, which the API server makes itself.

What it does:
    Finds a `selector` that selects something in a Job without `manualSelector: true`, and both fields in a CronJob.

Why it matters:
    The API server refuses the Job: "`selector` not auto-generated", and the CronJob: "`selector` will be auto-generated"
    (`validateGeneratedSelector`, `ValidateJobTemplateSpec`; measured on Kubernetes 1.37.2). Mostly it was copied from a live
    Job.

When it is fine:
    A Job with `manualSelector: true` takes over Pods on purpose.

References:
    Kubernetes documentation, "Jobs", "Specifying your own Pod selector"; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping
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
  {selector}
  template:
    metadata: {{labels: {{app: nightly}}}}
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      {field}
      template:
        metadata: {{labels: {{app: nightly}}}}
        spec:
          restartPolicy: Never
          containers:
          - {{name: work, image: work:1.0}}
"""
_SELECTOR = "selector: {matchLabels: {app: nightly}}"

GOOD = (
    Good(manifest=_JOB.format(selector="backoffLimit: 2")),
    Good(manifest=_JOB.format(selector=f"manualSelector: true\n  {_SELECTOR}")),
    Good(manifest=_JOB.format(selector="selector: {matchLabels: {}}")),
)
BAD = (
    Bad(manifest=_JOB.format(selector=_SELECTOR), at="/spec/selector"),
    Bad(manifest=_CRON_JOB.format(field=_SELECTOR), at="/spec/jobTemplate/spec/selector"),
    Bad(manifest=_CRON_JOB.format(field="selector: {}"), at="/spec/jobTemplate/spec/selector"),
    Bad(manifest=_CRON_JOB.format(field="manualSelector: true"), at="/spec/jobTemplate/spec/manualSelector"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a selector that nobody may write."""
    job = workload_of(pod, among=JOB_KINDS)
    if job is None:
        return
    fields = job.job_fields
    manual = fields.get("manualSelector") is True
    selector = fields.get("selector")
    if job.kind == "Job" and (manual or not any(mapping(selector).values())):
        return
    if selector is not None:
        yield workload_finding(
            RULE,
            job,
            *job.job_path,
            "selector",
            what=f"a selector in a {job.kind}, which gets one of its own",
            instead="leave it out",
        )
    if manual:
        yield workload_finding(
            RULE,
            job,
            *job.job_path,
            "manualSelector",
            what="manualSelector in a CronJob, whose Jobs get selectors of their own",
            instead="leave it out",
        )
