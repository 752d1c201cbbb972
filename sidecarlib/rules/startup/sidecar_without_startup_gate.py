"""Nothing waits until a native sidecar is ready: what comes next starts beside it.

What it does:
    Finds native sidecars without a `startupProbe`, without a `postStart` hook, and without a plain init container behind them that
    waits for them.

Why it matters:
    A sidecar counts as started when its process runs, 0.06 to 0.1 s before the next container starts (measured on Kubernetes 1.37.2).
    The order of the list orders processes, not services: the application's first connection may meet a proxy that does not
    listen yet. Readiness and liveness probes hold nothing back. A sidecar that exits at once does not either: the
    application starts without it.

When it is fine:
    Nothing needs the sidecar at its start: a log shipper that follows files, an exporter that scrapes the application, a reloader. A
    sidecar that needs the application must not be gated. Say so: acknowledge the rule with the reason.

References:
    KEP-753, "startup completion"; `pkg/kubelet/kuberuntime/kuberuntime_container.go`, computeInitContainerActions.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import gates_of, waits_for_something
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.WARNING)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    ports: [{{containerPort: 9901}}]
    {probe}: {{httpGet: {{path: /ready, port: 9901}}, periodSeconds: 1}}{gate}
  containers:
  - {{name: web, image: "web:1.0"}}
"""
_GATE = """
  - name: proxy-gate
    image: busybox:1.36
    command: [sh, -c, "until wget -q -O /dev/null http://127.0.0.1:9901/ready; do sleep 1; done"]"""

GOOD = (
    Good(manifest=_POD.format(probe="startupProbe", gate="")),
    Good(manifest=_POD.format(probe="readinessProbe", gate=_GATE)),
)
BAD = (Bad(manifest=_POD.format(probe="readinessProbe", gate=""), at="/spec/initContainers/0"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a gate in and behind each native sidecar."""
    for sidecar in pod.native_sidecars():
        if sidecar.get("startupProbe") is None and not _blocks(sidecar) and not _gated_from_behind(sidecar):
            readiness = " (its readinessProbe holds nothing back)" if sidecar.get("readinessProbe") is not None else ""
            yield RULE.finding(
                sidecar,
                what=f"nothing waits for {sidecar.name}{readiness}: what needs it may start too early",
                instead="write a startupProbe, put a gate init container behind it, or acknowledge the rule with the reason",
            )


def _blocks(sidecar: ContainerView) -> bool:
    return any(hook.field == "postStart" and hook.handler is not None for hook in sidecar.hooks)


def _gated_from_behind(sidecar: ContainerView) -> bool:
    """Whether a plain init container waits directly behind it, or anywhere later for one of its ports or files."""
    for other in sidecar.pod.init_sequence():
        if other.index <= sidecar.index:
            continue
        if other.role is Role.NATIVE_SIDECAR:
            break
        if waits_for_something(other):
            return True
    return any(
        gate.loop
        and gate.container.index > sidecar.index
        and (
            not sidecar.port_numbers.isdisjoint(gate.ports) or any(sidecar.mount_covering(path) for path in gate.files)
        )
        for gate in gates_of(sidecar.pod)
    )
