"""A plain init container never ends, so nothing behind it ever starts.

What it does:
    Finds init containers without `restartPolicy: Always` that run for ever: `sleep infinity`, `tail -f`, a loop without a way out, or a
    program that is known to serve until it is stopped.

Why it matters:
    The next container starts when a plain init container has exited with 0. One that serves for ever holds the Pod in Init for
    ever, without an event that says so (measured on Kubernetes 1.37.2).

When it is fine:
    The Pod is held in Init on purpose, for debugging. A program whose configuration may make it end (Vault Agent with `exit_after_auth`)
    is not reported.

References:
    KEP-753; Kubernetes documentation, "Init Containers".
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.daemons import daemon_in
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import Field, field_of_word
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.shell_script import script_in
from sidecarlib.rules.frame.waiting import endless_step, never_ends

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: helper
    image: {image}
    {command}
  containers:
  - {{name: web, image: "web:1.0"}}
"""
_PROXY = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"

GOOD = (
    Good(
        manifest=_POD.format(
            image=_PROXY, command='restartPolicy: Always\n    args: ["--port=5432", "project:region:database"]'
        )
    ),
    Good(
        manifest=_POD.format(
            image="busybox:1.36",
            command='command: [sh, -c, "while true; do wget -q -O /dev/null http://db && exit 0; sleep 1; done"]',
        )
    ),
)
BAD = (
    Bad(
        manifest=_POD.format(image="busybox:1.36", command='command: [sh, -c, "while true; do date; sleep 5; done"]'),
        at="/spec/initContainers/0/command/2",
    ),
    Bad(
        manifest=_POD.format(image=_PROXY, command='args: ["--port=5432", "project:region:database"]'),
        at="/spec/initContainers/0/image",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the command line of every plain init container."""
    if len(pod.init_sequence()) == len(pod.native_sidecars()):
        return
    for container in pod.run_once_inits():
        reason = _endless(container)
        if reason is not None:
            because, field = reason
            yield RULE.finding(
                container,
                *field,
                what=f"{container.name} is an init container that has to end, and {because}",
                instead="write restartPolicy: Always and a startupProbe if it is a sidecar, else let it end",
            )


def _endless(container: ContainerView) -> tuple[str, Field] | None:
    """Why a container never ends, and the field that says so; None when it may."""
    invocation = container.invocation
    found = script_in(invocation)
    if found is not None:
        step = endless_step(found[0])
        return None if step is None else (f"{step!r} never ends", field_of_word(container, found[1]))
    if invocation and never_ends(invocation):
        return f"{' '.join(invocation)!r} never ends", field_of_word(container, 0)
    daemon = daemon_in(container)
    if daemon is None or not daemon.surely:
        return None
    return f"{daemon.name} serves until it is stopped", ("image",)
