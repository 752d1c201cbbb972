"""A probe or a lifecycle hook is to run a command that has no words.

What it does:
    Finds `exec` without `command`, or with an empty one.

Why it matters:
    The API server refuses the Pod: `exec.command: Required value` (`validateExecAction`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    startupProbe: {{exec: {probe}, periodSeconds: 1}}
    lifecycle: {{preStop: {{exec: {hook}}}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (Good(manifest=_POD.format(probe="{command: [ready]}", hook="{command: [drain, --now]}")),)
BAD = (
    Bad(
        manifest=_POD.format(probe="{}", hook="{command: [drain]}"),
        at="/spec/initContainers/0/startupProbe/exec/command",
    ),
    Bad(
        manifest=_POD.format(probe="{command: [ready]}", hook="{command: []}"),
        at="/spec/initContainers/0/lifecycle/preStop/exec/command",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the command of every probe and hook whose one handler is `exec`."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            if _says_nothing(probe):
                yield RULE.finding(container, probe.field, "exec", "command", what=_WHAT, instead=_INSTEAD)
        for hook in container.hooks:
            if _says_nothing(hook):
                yield RULE.finding(container, "lifecycle", hook.field, "exec", "command", what=_WHAT, instead=_INSTEAD)


_WHAT = "exec without a command"
_INSTEAD = "write the command as a list of words"


def _says_nothing(handler: HandlerView) -> bool:
    return handler.handlers == ("exec",) and not handler.action.get("command")
