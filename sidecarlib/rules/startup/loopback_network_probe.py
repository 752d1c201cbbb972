"""A probe or a hook dials a port that its container serves on loopback alone.

What it does:
    Finds http, tcp and gRPC probes, and http hooks, without a `host`, on a port that the container binds to 127.0.0.1: because its
    product does so with these arguments (certain), or because a flag or variable says so, such as `--listen=127.0.0.1:8080`
    (likely).

Why it matters:
    The kubelet dials the Pod's IP, from the node. A listener on loopback refuses it, however well the container is: a startup probe
    kills it when its budget is over and starts it anew, for ever; a readiness probe never passes; a liveness probe kills it
    again and again; a `postStart` hook as well; a `preStop` hook fails with an event alone, FailedPreStopHook (measured on
    Kubernetes 1.37.2). On the node's network (`hostNetwork`) it is no better: the Pod's IP is the node's.

When it is fine:
    The flag is not about the probed port after all. That a program listens on 127.0.0.1 is fine: probe it with `exec`, from a gate
    init container, or on a health port of its own.

References:
    `pkg/kubelet/prober/prober.go`, runProbe; KEP-753.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sidecarlib.manifests.container_view import HOOKS, ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.listeners import loopback_bindings, port_of
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.sidecars.frame.catalogue import product_of

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: cloud-sql-proxy
    image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0
    restartPolicy: Always
    args: ["--port=5432", {args}"project:region:database"]
    startupProbe: {{{probe}, periodSeconds: 1, failureThreshold: 60}}
  containers:
  - {{name: web, image: "web:1.0"}}
"""
_FLAG = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - name: web
    image: web:1.0
    command: [gunicorn, "--bind={address}:8000", "web:application"]
    ports: [{{name: http, containerPort: 8000}}]
    readinessProbe: {{httpGet: {{path: /ready, port: http}}}}
"""

GOOD = (
    Good(
        manifest=_POD.format(
            args='"--health-check", "--http-address=0.0.0.0", "--http-port=9801", ',
            probe="httpGet: {path: /startup, port: 9801}",
        )
    ),
    Good(manifest=_FLAG.format(address="")),
)
BAD = (
    Bad(
        manifest=_POD.format(args="", probe="tcpSocket: {port: 5432}"),
        at="/spec/initContainers/0/startupProbe/tcpSocket/port",
    ),
    Bad(manifest=_FLAG.format(address="127.0.0.1"), at="/spec/containers/0/readinessProbe/httpGet/port"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the ports that the kubelet dials with those on loopback."""
    for container in pod.containers():
        if not any(handler.over_network for handler in (*container.probes, *container.hooks)):
            continue
        product = product_of(container.image)
        if product is not None:
            told = f"{product.name} binds it so with these arguments"
            bound = dict.fromkeys(product.loopback_ports(container), told)
        else:
            bound = {port: f"{text} says so" for port, text in loopback_bindings(container).items()}
        if bound:
            yield from _judge(container, bound, Confidence.LIKELY if product is None else Confidence.CERTAIN)


def _judge(container: ContainerView, bound: Mapping[int, str], confidence: Confidence) -> Iterator[Finding]:
    """Looks at every probe and hook; `bound` are the ports on loopback with what tells so."""
    dialled: list[tuple[HandlerView, tuple[str, ...]]] = [(probe, (probe.field,)) for probe in container.probes]
    dialled += [(hook, ("lifecycle", hook.field)) for hook in container.hooks]
    for handler, field in dialled:
        port = port_of(container, handler.port)
        if (
            port is None
            or port not in bound
            or handler.host is not None
            or (handler.field in HOOKS and handler.handler != "httpGet")
        ):
            continue
        certain = confidence is Confidence.CERTAIN
        yield RULE.finding(
            container,
            *field,
            handler.handler or "",
            "port",
            what=f"{container.name} serves port {port} on 127.0.0.1 ({bound[port]}), the kubelet dials the Pod's IP",
            instead="dial a port that it serves on all interfaces, or use exec, or a gate init container",
            severity=None if certain and handler.field != "preStop" else Severity.WARNING,
            confidence=confidence,
        )
