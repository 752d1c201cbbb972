"""A probe or a lifecycle hook does nothing, or several things.

What it does:
    Finds probes without one of `exec`, `httpGet`, `tcpSocket` and `grpc`, hooks without one of `exec`, `httpGet`, `sleep` and
    `tcpSocket`, and those with more than one.

Why it matters:
    The API server refuses the Pod: `must specify a handler type`, `may not specify more than 1 handler type`
    (`validateHandler`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import PROBE_HANDLERS, HandlerView, ProbeView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

USEFUL_HOOK_HANDLERS = ("exec", "httpGet", "sleep")
"""Those that work; `tcpSocket` is accepted as well, and always fails."""

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    startupProbe: {probe}
    lifecycle: {{preStop: {hook}}}
  containers:
  - {{name: web, image: web:1.0}}
"""
_HTTP = "httpGet: {path: /ready, port: 8080}"

GOOD = (Good(manifest=_POD.format(probe=f"{{{_HTTP}}}", hook="{sleep: {seconds: 3}}")),)
BAD = (
    Bad(
        manifest=_POD.format(probe="{periodSeconds: 1}", hook="{exec: {command: [drain]}}"),
        at="/spec/initContainers/0/startupProbe",
    ),
    Bad(
        manifest=_POD.format(probe=f"{{{_HTTP}, tcpSocket: {{port: 8080}}}}", hook="{exec: {command: [drain]}}"),
        at="/spec/initContainers/0/startupProbe",
    ),
    Bad(manifest=_POD.format(probe=f"{{{_HTTP}}}", hook="{}"), at="/spec/initContainers/0/lifecycle/preStop"),
    Bad(
        manifest=_POD.format(probe=f"{{{_HTTP}}}", hook="{exec: {command: [drain]}, sleep: {seconds: 3}}"),
        at="/spec/initContainers/0/lifecycle/preStop",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Counts the handlers of every probe and hook that may be there."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for probe in container.probes:
            if len(probe.handlers) != 1:
                yield RULE.finding(container, probe.field, what=_what(probe), instead=_instead(probe))
        for hook in container.hooks:
            if len(hook.handlers) != 1:
                yield RULE.finding(container, "lifecycle", hook.field, what=_what(hook), instead=_instead(hook))


def _what(handler: HandlerView) -> str:
    found = " and ".join(handler.handlers)
    return f"{handler.field} does {found}" if found else f"{handler.field} does nothing"


def _instead(handler: HandlerView) -> str:
    known = PROBE_HANDLERS if isinstance(handler, ProbeView) else USEFUL_HOOK_HANDLERS
    return f"write exactly one of {', '.join(known)}"
