"""A main container restarts for ever by its own restart policy.

What it does:
    Finds `restartPolicy: Always` on an entry of `containers`, for target versions 1.35 and newer, which accept it there.

Why it matters:
    It makes no sidecar of the container: only an entry of `initContainers` is one. A Job with it never completes: as a helper it
    keeps the Pod running, as the worker it is started again after each success (both measured on Kubernetes 1.37.2). In
    a Pod that restarts everything it has no effect.

When it is fine:
    A bare Pod is meant to keep this one container running while its others run once.

References:
    KEP-753, KEP-5307; RedHatInsights/clowder pull request 1783.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.WARNING, needs_kind=True, since="1.35")

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
      - {{name: proxy, image: proxy:1.0, restartPolicy: Always}}
      containers:
      - {{name: work, image: work:1.0}}
      - {{name: helper, image: helper:1.0{policy}}}
"""
_DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: web:1.0}
      - {name: helper, image: helper:1.0, restartPolicy: Always}
"""

GOOD = (
    Good(manifest=_JOB.format(policy=""), kubernetes="1.35"),
    Good(manifest=_JOB.format(policy=", restartPolicy: OnFailure"), kubernetes="1.35"),
)
BAD = (
    Bad(
        manifest=_JOB.format(policy=", restartPolicy: Always"),
        at="/spec/template/spec/containers/1/restartPolicy",
        kubernetes="1.35",
    ),
    Bad(manifest=_DEPLOYMENT, at="/spec/template/spec/containers/1/restartPolicy", kubernetes="1.37"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the own restart policy of every main container."""
    for container in pod.mains():
        if container.spec.get("restartPolicy") != "Always":
            continue
        if pod.is_job:
            effect = "the Job never completes"
        elif pod.effective_restart_policy == "Always":
            effect = "which has no effect here"
        else:
            effect = "the Pod never ends"
        yield RULE.finding(
            container,
            "restartPolicy",
            what=f"restart policy Always on a main container, {effect}",
            instead="move the container to initContainers to make it a sidecar, or leave the policy out",
            severity=Severity.ERROR if pod.is_job else None,
        )
