"""The grace period is over before the sidecars' turn comes.

What it does:
    Finds a Pod with native sidecars in which a main container's `preStop` sleep takes the whole grace period. Composition
    reports under the same id when the stop times that its sidecars declare do not fit into the grace period.

Why it matters:
    One clock runs for the whole Pod: `preStop` hooks, the main containers' shutdown, and then the sidecars, one after the other in
    reverse order. A sidecar gets SIGTERM after every main container has ended, or when the grace period is over; then it
    has 2 seconds until SIGKILL (measured on Kubernetes 1.37.2; `kuberuntime_container.go`, minimumGracePeriodInSeconds).
    What it has not sent by then is lost.

When it is fine:
    The sidecars have nothing to finish: no buffer, no open transaction, no connection that others wait for.

References:
    KEP-753, "Termination of containers"; `pkg/kubelet/kuberuntime/kuberuntime_termination_order.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity

RULE = Rule(__name__, severity=Severity.WARNING, confidence=Confidence.LIKELY)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  terminationGracePeriodSeconds: {grace}
  initContainers:
  - name: log-shipper
    image: log-shipper:1.0
    restartPolicy: Always
    startupProbe: {{httpGet: {{path: /ready, port: 2020}}, periodSeconds: 1}}
  containers:
  - name: web
    image: web:1.0
    lifecycle:
      preStop: {{sleep: {{seconds: 30}}}}
"""

GOOD = (Good(manifest=_POD.format(grace=60)),)
BAD = (Bad(manifest=_POD.format(grace=30), at="/spec/terminationGracePeriodSeconds"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the longest sleep before the stop of a main container with the grace period."""
    if not pod.native_sidecars():
        return
    grace = pod.grace_period_seconds
    for main in pod.mains():
        for hook in main.hooks:
            sleep = hook.sleep_seconds
            if hook.field == "preStop" and sleep is not None and sleep >= grace:
                yield RULE.finding(
                    pod,
                    "terminationGracePeriodSeconds",
                    what=f"{main.name} sleeps {sleep} s before it stops, the grace period is {grace} s: nothing is left for the sidecars",
                    instead=f"write more than {sleep} s plus what the application and its sidecars need",
                )
