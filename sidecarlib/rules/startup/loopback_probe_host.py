"""A probe or a hook dials 127.0.0.1, which is the node's loopback and not the Pod's.

What it does:
    Finds http and tcp probes, and http hooks, with a `host` on loopback in a Pod that is not on the node's network.

Why it matters:
    The kubelet dials from the node: `host: 127.0.0.1` asks whatever listens there on the node, as a rule nothing. The probe fails
    although the container is well: a startup probe ends in a restart loop, a readiness probe never passes (measured on
    Kubernetes 1.37.2). From 1.34 on the Pod Security Standard `baseline` refuses any `host` in a probe.

When it is fine:
    With `hostNetwork: true`, where both loopbacks are the same; there the rule finds nothing.

References:
    `pkg/kubelet/prober/prober.go`, runProbe; KEP-4940 (Pod Security check hostProbesAndHostLifecycle).
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

LOOPBACK = frozenset({"localhost", "::1", "[::1]"})

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  hostNetwork: {host_network}
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    ports: [{{containerPort: 15021}}]
    startupProbe: {{httpGet: {{{host}path: /ready, port: 15021}}, periodSeconds: 1}}
  containers:
  - {{name: web, image: "web:1.0"}}
"""

GOOD = (
    Good(manifest=_POD.format(host_network="false", host="")),
    Good(manifest=_POD.format(host_network="true", host="host: 127.0.0.1, ")),
)
BAD = (
    Bad(
        manifest=_POD.format(host_network="false", host="host: 127.0.0.1, "),
        at="/spec/initContainers/0/startupProbe/httpGet/host",
    ),
    Bad(
        manifest=_POD.format(host_network="false", host="host: localhost, "),
        at="/spec/initContainers/0/startupProbe/httpGet/host",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the host of every probe and hook."""
    if pod.host_network:
        return
    for container in pod.containers():
        for probe in container.probes:
            if probe.host is not None:
                yield from _judge(container, probe, (probe.field,))
        for hook in container.hooks:
            if hook.host is not None:
                yield from _judge(container, hook, ("lifecycle", hook.field))


def _judge(container: ContainerView, handler: HandlerView, field: tuple[str, ...]) -> Iterator[Finding]:
    host = handler.host or ""
    if host not in LOOPBACK and not host.startswith("127."):
        return
    yield RULE.finding(
        container,
        *field,
        handler.handler or "",
        "host",
        what=f"host {host} is the node's loopback, where {container.name} does not listen",
        instead="leave host out and let it listen on all interfaces, or write an exec probe",
        severity=Severity.WARNING if handler.field == "preStop" else None,
    )
