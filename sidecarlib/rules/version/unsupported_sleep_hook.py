"""A lifecycle hook sleeps, which the target version cannot do.

What it does:
    Finds `sleep` in hooks for target versions up to 1.29, and a sleep of 0 seconds up to 1.32.

Why it matters:
    Before 1.29 the field does not exist, and the API server refuses the hook that is left: `must specify a handler type`. 1.29 drops
    the whole hook without a word (`dropPodLifecycleSleepAction`, gate PodLifecycleSleepAction off): SIGTERM comes at once. From
    1.30 to 1.32 it refuses 0 seconds: `must be greater than 0` (`validateSleepAction`). Read in the sources of 1.28.15,
    1.29.15, 1.32.10 and 1.33.5; 1.37.2 accepts 0 (measured).

When it is fine:
    With the feature gates PodLifecycleSleepAction (1.29) and PodLifecycleSleepActionAllowZero (1.32) on.

References:
    KEP-3960, KEP-4818; `pkg/api/pod/util.go`, `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, until="1.32")

DROPPED_IN = (1, 29)
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - name: web
    image: web:1.0
    lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}}
"""
_AT = "/spec/containers/0/lifecycle/preStop/sleep"

GOOD = (
    Good(manifest=_POD.format(seconds=5), kubernetes="1.30"),
    Good(manifest=_POD.format(seconds=0), kubernetes="1.33"),
)
BAD = (
    Bad(manifest=_POD.format(seconds=5), at=_AT, kubernetes="1.28"),
    Bad(manifest=_POD.format(seconds=5), at=_AT, kubernetes="1.29"),
    Bad(manifest=_POD.format(seconds=0), at=_AT, kubernetes="1.32"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a sleep in every hook."""
    for container in pod.containers():
        for hook in container.hooks:
            if "sleep" not in hook.handlers:
                continue
            version = pod.version
            minor = (0, 0) if version is None else (version.major, version.minor)
            if minor <= DROPPED_IN:
                dropped = minor == DROPPED_IN
                yield RULE.finding(
                    container,
                    "lifecycle",
                    hook.field,
                    "sleep",
                    what=f"a sleep in {hook.field}, which Kubernetes {version} " + ("drops" if dropped else "refuses"),
                    instead="write exec with a sleep that the image has, or target 1.30 or newer",
                    severity=Severity.WARNING if dropped else None,
                )
            elif not hook.sleep_seconds:
                yield RULE.finding(
                    container,
                    "lifecycle",
                    hook.field,
                    "sleep",
                    what=f"a sleep of 0 s in {hook.field}, which Kubernetes {version} refuses",
                    instead="write 1 or more, or leave the hook out",
                )
