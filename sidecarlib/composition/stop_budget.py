"""Whether every sidecar ends before the grace period is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sidecarlib.composition.composing import StopTime
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.severity import Confidence
from sidecarlib.rules.shutdown.grace_period_too_short import RULE


def stop_findings(pod: PodView, stop_times: Sequence[StopTime]) -> Iterator[Finding]:
    """A warning that names the sidecars which SIGKILL would reach, from the times that they declare.

    Sidecars stop one after the other, the last one started first, and all of them share the Pod's one grace period.
    """
    grace = pod.grace_period_seconds
    used = 0.0
    killed: list[str] = []
    for stop in reversed(stop_times):
        used += stop.seconds or 0
        if used > grace:
            killed.append(stop.sidecar)
    if not killed:
        return
    times = ", ".join(f"{stop.sidecar} {stop.seconds:g} s" for stop in reversed(stop_times) if stop.seconds)
    yield RULE.finding(
        pod,
        "terminationGracePeriodSeconds",
        what=f"with their backends gone the sidecars take {used:g} s to stop ({times}), the grace period is {grace} s: {', '.join(killed)} would be killed",
        instead=f"write at least {int(used) + 1} s plus what the application needs",
        confidence=Confidence.LIKELY,
    )
