"""A Job has a container beside its work that never ends, so the Job never completes.

What it does:
    Finds, among the main containers of a Job or CronJob that has several, one that serves until it is stopped: a program that
    is known to (error), or a shell loop without a way out, `sleep infinity`, `tail -f` (warning).

Why it matters:
    A Pod has succeeded when all of its main containers have exited with 0. With a proxy or a log shipper among them it stays Running
    when the work is done, the Job never completes, and a CronJob with `concurrencyPolicy: Forbid` never runs again (measured on
    Kubernetes 1.37.2). As a native sidecar the same container is stopped when the work is done.

When it is fine:
    The work stops the helper itself: a call of `/quitquitquit`, a kill in a shared process namespace, a wrapper around it. Where a
    manifest shows one of these, the rule finds nothing.

References:
    KEP-753, "Motivation"; kubernetes/kubernetes#25908.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.daemons import daemon_in
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import field_of_word
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.shell_script import script_in
from sidecarlib.rules.frame.waiting import endless_step, never_ends

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

ENDED_FROM_OUTSIDE = (
    "quit",
    "pkill",
    "killall",
    "kill ",
    "shutdown",
    "terminate",
    "linkerd-await",
    "kubexit",
    "scuttle",
    "exitdir",
)
"""Marks in a command line or a variable of a container that stops another, or is told when to stop."""

_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  template:
    spec:
      restartPolicy: Never{sidecars}
      containers:
      - {{name: work, image: "work:1.0"}}{mains}
"""
_PROXY = """
      - name: cloud-sql-proxy
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0
        args: ["--port=5432", {quit}"project:region:database"]
"""
_HELPER = """
      - name: heartbeat
        image: busybox:1.36
        command: [sh, -c, "while true; do date; sleep 10; done"]
"""
_NATIVE = (
    "\n      initContainers:"
    + _PROXY.format(quit="").rstrip()
    + "\n        restartPolicy: Always\n        startupProbe: {exec: {command: [/cloud-sql-proxy, wait, --max=2s]}, periodSeconds: 1}"
)

GOOD = (
    Good(manifest=_JOB.format(sidecars=_NATIVE, mains="")),
    Good(manifest=_JOB.format(sidecars="", mains=_PROXY.format(quit='"--quitquitquit", '))),
)
BAD = (
    Bad(manifest=_JOB.format(sidecars="", mains=_PROXY.format(quit="")), at="/spec/template/spec/containers/1"),
    Bad(manifest=_JOB.format(sidecars="", mains=_HELPER), at="/spec/template/spec/containers/1/command/2"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for daemons among the main containers of a Job."""
    mains = pod.mains()
    if not pod.is_job or len(mains) < 2 or pod.shares_process_namespace:  # noqa: PLR2004 - the work and one beside it
        return
    endless = [found for main in mains if (found := _endless(main)) is not None]
    if not endless or len(endless) == len(mains) or any(_ends_others(main) for main in mains):
        return
    for main, because, field, confidence in endless:
        yield RULE.finding(
            main,
            *field,
            what=f"{main.name} {because}: the Job never completes",
            instead="move it to initContainers with restartPolicy: Always, then it is stopped when the work is done",
            severity=Severity.WARNING if field else None,
            confidence=confidence,
        )


def _endless(main: ContainerView) -> tuple[ContainerView, str, tuple[str | int, ...], Confidence] | None:
    """Why a container never ends, the field that says so, and how sure that is."""
    daemon = daemon_in(main)
    if daemon is not None:
        confidence = Confidence.CERTAIN if daemon.surely else Confidence.LIKELY
        return main, f"is {daemon.name}, which serves until it is stopped", (), confidence
    invocation = main.invocation
    found = script_in(invocation)
    if found is not None:
        endless, index = endless_step(found[0]), found[1]
    else:
        endless, index = (" ".join(invocation), 0) if never_ends(invocation) else (None, 0)
    if endless is None:
        return None
    return main, f"never ends ({endless!r})", field_of_word(main, index), Confidence.LIKELY


def _ends_others(main: ContainerView) -> bool:
    texts = (*main.invocation, *main.literal_env, *main.literal_env.values())
    return any(mark in text.lower() for text in texts for mark in ENDED_FROM_OUTSIDE)
