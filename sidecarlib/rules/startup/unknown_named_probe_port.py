"""A probe or a hook names a port that its container does not have.

What it does:
    Finds http and tcp probes, and http hooks, whose `port` is a name that is not among the container's own `ports`. The same name
    in another container of the Pod does not help.

Why it matters:
    The API server does not compare the names. The kubelet cannot resolve the port, and throws the probe's result away: no failure is
    ever counted, nothing is restarted, no budget ends it. A startup probe leaves the Pod in Init (or the container unstarted)
    for ever, a readiness probe leaves it unready, a liveness probe has no effect (measured on Kubernetes 1.37.2; event
    `Startup probe errored and resulted in unknown state: port "…" not found`). A `postStart` hook fails, which kills the
    container again and again; a `preStop` hook is not carried out.

When it is fine:
    Never. A startup or readiness probe is an error, as is a `postStart` hook; the others are warnings, since the Pod runs.

References:
    kubernetes/kubernetes#106682; `pkg/probe/util.go`, ResolveContainerPort; `pkg/probe/http/request.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

EFFECTS = {
    "startupProbe": "no try is ever counted, and what comes after it never starts",
    "readinessProbe": "no try is ever counted, and the container never gets ready",
    "livenessProbe": "no try is ever counted, and nothing is ever restarted",
    "postStart": "the hook fails each time, and the container is killed again and again",
    "preStop": "the hook is not carried out",
}
HARMLESS_TO_THE_START = frozenset({"livenessProbe", "preStop"})

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    ports: [{{name: {name}, containerPort: 9901}}]
    startupProbe: {{httpGet: {{path: /ready, port: admin}}, periodSeconds: 1}}
  containers:
  - name: web
    image: web:1.0
    ports: [{{name: http, containerPort: 8080}}]
"""
_LIVENESS = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: web:1.0
    ports: [{name: http, containerPort: 8080}]
    livenessProbe: {tcpSocket: {port: https}}
"""

GOOD = (Good(manifest=_POD.format(name="admin")),)
BAD = (
    Bad(manifest=_POD.format(name="metrics"), at="/spec/initContainers/0/startupProbe/httpGet/port"),
    Bad(manifest=_LIVENESS, at="/spec/containers/0/livenessProbe/tcpSocket/port"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks every named port up among the container's own."""
    for container in pod.containers():
        for probe in container.probes:
            if isinstance(probe.port, str):
                yield from _judge(container, probe, (probe.field,))
        for hook in container.hooks:
            if isinstance(hook.port, str):
                yield from _judge(container, hook, ("lifecycle", hook.field))


def _judge(container: ContainerView, handler: HandlerView, field: tuple[str, ...]) -> Iterator[Finding]:
    name = str(handler.port)
    if name in container.named_ports or name.isdecimal() or handler.handler not in {"httpGet", "tcpSocket"}:
        return
    own = ", ".join(repr(own) for own in container.named_ports)
    yield RULE.finding(
        container,
        *field,
        handler.handler,
        "port",
        what=f"{container.name} has no port named {name!r}: {EFFECTS[handler.field]}",
        instead=f"write one of its port names ({own}) or a number"
        if own
        else "write the number, or name the port in its ports",
        severity=Severity.WARNING if handler.field in HARMLESS_TO_THE_START else None,
    )
