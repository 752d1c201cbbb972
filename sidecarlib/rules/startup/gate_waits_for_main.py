"""Something that has to end before the main containers start waits for one of them.

What it does:
    Finds a startup probe or a `postStart` hook of a sidecar, and a plain init container that loops until something is there, when it
    asks for a port or a file that only a main container provides: the port is declared by a main container and by nothing that
    runs by then, the file lies on an `emptyDir` that nothing before a main container can write to. A loop for a port of the
    Pod that no container declares is a warning.

Why it matters:
    Main containers start when the whole init sequence is through. The gate waits for the main container, the main container for
    the gate, and the Pod stays in Init for ever (measured on Kubernetes 1.37.2). With `restartPolicy: Never` a loop that gives
    up fails the Pod instead.

When it is fine:
    Something in the sequence serves the port without saying so anywhere in its declaration, a sidecar that a webhook adds for
    instance: declare the port there. A sidecar that depends on the application belongs behind it: give it a readiness probe
    instead of a startup probe.

References:
    KEP-753; `pkg/kubelet/kuberuntime/kuberuntime_container.go`, computeInitContainerActions; numaproj/numaflow#3656.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import Gate, gates_of
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.suppliers import Supply, missing_file, missing_port

RULE = Rule(__name__, severity=Severity.ERROR, confidence=Confidence.LIKELY)

INJECTED_PORTS = frozenset({15000, 15020, 15021, 15090, 4190, 4191, 3500, 3501})
"""Ports of sidecars that a webhook puts in front: Istio's (15xxx), Linkerd's (419x) and Dapr's (350x)."""

_PROBE = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: metrics
    image: metrics:1.0
    restartPolicy: Always
    ports: [{{containerPort: 9100}}]
    startupProbe: {{httpGet: {{path: /healthz, port: {port}}}, periodSeconds: 1}}
  containers:
  - name: web
    image: web:1.0
    ports: [{{containerPort: 8080}}]
"""
_LOOP = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: shipper
    image: shipper:1.0
    restartPolicy: Always
    ports: [{{containerPort: 2020}}]
  - name: shipper-gate
    image: busybox:1.36
    command: [/bin/sh, -c, "until {condition}; do sleep 1; done"]
    volumeMounts: [{{name: shared, mountPath: /shared}}]
  containers:
  - name: web
    image: web:1.0
    ports: [{{containerPort: 8080}}]
    volumeMounts: [{{name: shared, mountPath: /shared}}]
  volumes: [{{name: shared, emptyDir: {{}}}}]
"""

GOOD = (
    Good(manifest=_PROBE.format(port=9100)),
    Good(manifest=_LOOP.format(condition="grep -qs ':07E4 ' /proc/net/tcp")),
)
BAD = (
    Bad(manifest=_PROBE.format(port=8080), at="/spec/initContainers/0/startupProbe/httpGet/port"),
    Bad(
        manifest=_LOOP.format(condition="wget -q -O /dev/null http://127.0.0.1:8080/healthz"),
        at="/spec/initContainers/1/command/2",
    ),
    Bad(manifest=_LOOP.format(condition="test -e /shared/ready"), at="/spec/initContainers/1/command/2"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Asks for each gate who could have provided what it waits for."""
    for gate in gates_of(pod):
        for port in gate.ports:
            supply = missing_port(gate, port)
            if supply is not None and (supply.later or (supply.alone and port not in INJECTED_PORTS)):
                yield from _judge(gate, supply)
        for path in gate.files:
            supply = missing_file(gate, path)
            if supply is not None and supply.later:
                yield from _judge(gate, supply)


def _judge(gate: Gate, supply: Supply) -> Iterator[Finding]:
    if supply.later_sidecar() is not None:
        return
    name = gate.container.name
    if not supply.later:
        yield RULE.finding(
            gate.container,
            *gate.field,
            what=f"{name} waits for {supply.what}, and nothing in the manifest runs by then that could serve it",
            instead="put a native sidecar that serves it in front, or declare the port where it is served",
            severity=Severity.WARNING,
        )
        return
    mains = " and ".join(main.name for main in supply.later)
    provider = "an earlier sidecar" if gate.loop else f"{name} or an earlier sidecar"
    yield RULE.finding(
        gate.container,
        *gate.field,
        what=f"{name} waits for {supply.what} of {mains}, which starts after it: neither ever gets going",
        instead=f"wait for something that {provider} provides, or move the check into {mains}",
        confidence=Confidence.CERTAIN if supply.alone else None,
    )
