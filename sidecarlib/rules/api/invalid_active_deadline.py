"""The Pod's deadline is no number of seconds that it can have.

What it does:
    Finds `activeDeadlineSeconds` of a Pod, or of a template, below 1 or above 2147483647.

Why it matters:
    The API server refuses the Pod: `must be between 1 and 2147483647, inclusive` (`ValidatePodSpec`; measured on Kubernetes
    1.37.2). Zero is allowed in a Job's own `activeDeadlineSeconds` only.

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

LONGEST = 2**31 - 1
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  activeDeadlineSeconds: {job}
  template:
    spec:
      restartPolicy: Never
      activeDeadlineSeconds: {pod}
      containers:
      - {{name: work, image: work:1.0}}
"""
_AT = "/spec/template/spec/activeDeadlineSeconds"

GOOD = (Good(manifest=_JOB.format(job=3600, pod=600)), Good(manifest=_JOB.format(job=0, pod=1)))
BAD = (
    Bad(manifest=_JOB.format(job=3600, pod=0), at=_AT),
    Bad(manifest=_JOB.format(job=3600, pod=2**31), at=_AT),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the Pod's deadline with what fits."""
    seconds = pod.spec.get("activeDeadlineSeconds")
    if isinstance(seconds, int) and not 1 <= seconds <= LONGEST:
        yield RULE.finding(
            pod,
            "activeDeadlineSeconds",
            what=f"a deadline of {seconds} s",
            instead="write 1 or more, or leave it out",
        )
