"""A container is to be restarted when it is resized, in a Pod that restarts nothing.

What it does:
    Finds `resizePolicy` with `restartPolicy: RestartContainer` in a Pod with `restartPolicy: Never`, on sidecars as well.

Why it matters:
    The API server of Kubernetes 1.33 and newer refuses the Pod: "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
    (`validateResizePolicy`; measured on 1.37.2).

When it is fine:
    Never.

References:
    KEP-1287; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, since="1.33")

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  template:
    spec:
      restartPolicy: {policy}
      initContainers:
      - name: proxy
        image: proxy:1.0
        restartPolicy: Always
        resizePolicy: [{{resourceName: memory, restartPolicy: {resize}}}]
      containers:
      - {{name: work, image: work:1.0}}
"""

GOOD = (
    Good(manifest=_JOB.format(policy="Never", resize="NotRequired")),
    Good(manifest=_JOB.format(policy="OnFailure", resize="RestartContainer")),
)
BAD = (
    Bad(
        manifest=_JOB.format(policy="Never", resize="RestartContainer"),
        at="/spec/template/spec/initContainers/0/resizePolicy/0/restartPolicy",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the resize policies of every container of a Pod that restarts nothing."""
    if pod.restart_policy != "Never":
        return
    for container in pod.containers():
        for index, policy in enumerate(items(container.spec.get("resizePolicy"))):
            if mapping(policy).get("restartPolicy") == "RestartContainer":
                yield RULE.finding(
                    container,
                    "resizePolicy",
                    index,
                    "restartPolicy",
                    what="RestartContainer in a Pod whose restart policy is Never",
                    instead="write NotRequired, or leave the policy out",
                )
