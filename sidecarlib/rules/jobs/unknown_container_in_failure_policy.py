"""A Job's policy for failed Pods names a container that the Pod does not have.

What it does:
    Looks up `podFailurePolicy.rules[].onExitCodes.containerName` among the containers, sidecars and init containers of the
    template.

Why it matters:
    The API server refuses the Job: `must be one of the container or initContainer names in the pod template`
    (`validatePodFailurePolicyRuleOnExitCodes`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    KEP-3329; `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, nested
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      podFailurePolicy:
        rules:
        - {{action: FailJob, onExitCodes: {{containerName: {name}, operator: In, values: [42]}}}}
      template:
        spec:
          restartPolicy: Never
          initContainers:
          - {{name: proxy, image: proxy:1.0, restartPolicy: Always}}
          containers:
          - {{name: work, image: work:1.0}}
"""

GOOD = (Good(manifest=_CRON_JOB.format(name="work")), Good(manifest=_CRON_JOB.format(name="proxy")))
BAD = (
    Bad(
        manifest=_CRON_JOB.format(name="worker"),
        at="/spec/jobTemplate/spec/podFailurePolicy/rules/0/onExitCodes/containerName",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks up every container that the policy names."""
    job = workload_of(pod, among=JOB_KINDS)
    if job is None or (policy := job.job_fields.get("podFailurePolicy")) is None:
        return
    names = [container.name for container in pod.containers()]
    for index, rule in enumerate(items(nested(policy, ("rules",)))):
        name = nested(rule, ("onExitCodes", "containerName"))
        if isinstance(name, str) and name not in names:
            yield workload_finding(
                RULE,
                job,
                *job.job_path,
                "podFailurePolicy",
                "rules",
                index,
                "onExitCodes",
                "containerName",
                what=f"no container {name!r} in the Pod",
                instead=f"write one of {', '.join(filter(None, names))}",
            )
