"""A lifecycle hook uses tcpSocket, which hooks cannot do.

What it does:
    Finds `postStart.tcpSocket` and `preStop.tcpSocket`.

Why it matters:
    The API server accepts it and the kubelet always fails it (API reference: "lifecycle hooks will fail at runtime"). A failing `postStart`
    kills the container each time it starts, so the Pod never gets further. A failing `preStop` is an event,
    `FailedPreStopHook`, and SIGTERM follows at once (both measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/kubelet/lifecycle/handlers.go`; `staging/src/k8s.io/api/core/v1/types.go`, LifecycleHandler.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
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
    lifecycle: {{{hook}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (Good(manifest=_POD.format(hook="postStart: {exec: {command: [proxy, wait]}}")),)
BAD = (
    Bad(
        manifest=_POD.format(hook="postStart: {tcpSocket: {port: 5432}}"),
        at="/spec/initContainers/0/lifecycle/postStart/tcpSocket",
    ),
    Bad(
        manifest=_POD.format(hook="preStop: {tcpSocket: {port: 5432}}"),
        at="/spec/initContainers/0/lifecycle/preStop/tcpSocket",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the handler of every hook."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for hook in container.hooks:
            if hook.handlers != ("tcpSocket",):
                continue
            at_start = hook.field == "postStart"
            yield RULE.finding(
                container,
                "lifecycle",
                hook.field,
                "tcpSocket",
                what="postStart with tcpSocket always fails, which kills the container each time it starts"
                if at_start
                else "preStop with tcpSocket always fails, so nothing happens before SIGTERM",
                instead="write a startupProbe with tcpSocket"
                if at_start
                else "write exec, httpGet or sleep, or leave it out",
                severity=None if at_start else Severity.WARNING,
            )
