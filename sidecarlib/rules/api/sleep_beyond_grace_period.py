"""A lifecycle hook sleeps for longer than the grace period, or for less than no time.

What it does:
    Compares the seconds of `sleep` in `preStop` and `postStart` with the Pod's `terminationGracePeriodSeconds` (30 unless
    written).

Why it matters:
    The API server refuses the Pod: `must be non-negative and less than terminationGracePeriodSeconds (30)`
    (`validateSleepAction`; measured on Kubernetes 1.37.2, where a sleep of exactly the grace period is accepted).

When it is fine:
    Never.

References:
    KEP-3960; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

SHORTEST_GRACE = 1
"""What a negative grace period of a Pod becomes."""
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  {grace}
  containers:
  - name: web
    image: web:1.0
    lifecycle: {{{hook}: {{sleep: {{seconds: {seconds}}}}}}}
"""

GOOD = (
    Good(manifest=_POD.format(grace="", hook="preStop", seconds=10)),
    Good(manifest=_POD.format(grace="terminationGracePeriodSeconds: 40", hook="preStop", seconds=40)),
)
BAD = (
    Bad(
        manifest=_POD.format(grace="", hook="preStop", seconds=31),
        at="/spec/containers/0/lifecycle/preStop/sleep/seconds",
    ),
    Bad(
        manifest=_POD.format(grace="terminationGracePeriodSeconds: 5", hook="postStart", seconds=10),
        at="/spec/containers/0/lifecycle/postStart/sleep/seconds",
    ),
    Bad(
        manifest=_POD.format(grace="", hook="preStop", seconds=-1),
        at="/spec/containers/0/lifecycle/preStop/sleep/seconds",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares every sleep of a hook with the grace period."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for hook in container.hooks:
            seconds = hook.sleep_seconds
            if seconds is None or hook.handlers != ("sleep",):
                continue
            grace = pod.grace_period_seconds
            longest = grace if grace >= 0 else SHORTEST_GRACE
            if not 0 <= seconds <= longest:
                yield RULE.finding(
                    container,
                    "lifecycle",
                    hook.field,
                    "sleep",
                    "seconds",
                    what=f"{hook.field} sleeps {seconds} s, the grace period is {grace} s",
                    instead=f"write 0 to {longest}, or raise terminationGracePeriodSeconds",
                )
