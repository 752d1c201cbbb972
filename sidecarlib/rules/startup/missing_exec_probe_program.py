"""An exec probe or hook runs a program that the image does not have.

What it does:
    Finds exec probes and hooks whose program the image is known to lack, and (likely) shells and other common tools in images that
    by their name hold none, `distroless` and `scratch` for instance.

Why it matters:
    The container runtime reports an error instead of an exit code, and the kubelet throws the probe's result away: no failure is ever
    counted. With a startup probe the Pod stays in Init for ever, without a restart; a readiness probe never passes; a liveness
    probe has no effect (measured on Kubernetes 1.37.2 with containerd; event `Startup probe errored and resulted in unknown
    state: … executable file not found`). A `postStart` hook kills the container again and again, a `preStop` hook is skipped.
    `sh -c missing` is no such case: the shell ends with 127, which counts.

When it is fine:
    Somebody put the program into the image. A program that lies on a mounted volume is not reported.

References:
    kubernetes/kubernetes#106682; `pkg/probe/exec/exec.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.rules.frame.bare_images import lacks_common_program
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.sidecars.frame.catalogue import product_of

RULE = Rule(__name__, severity=Severity.ERROR)

HARMLESS_TO_THE_START = frozenset({"livenessProbe", "preStop"})

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: cloud-sql-proxy
    image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:{tag}
    restartPolicy: Always
    args: ["--port=5432", "--health-check", "--http-port=9801", "project:region:database"]
    startupProbe: {{exec: {{command: {command}}}, periodSeconds: 1, failureThreshold: 60}}
  containers:
  - {{name: web, image: "web:1.0"}}
"""
_DISTROLESS = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: gcr.io/distroless/static-debian12:nonroot
    command: [/web]
    readinessProbe: {exec: {command: [/bin/sh, -c, "test -e /tmp/ready"]}}
"""

GOOD = (
    Good(manifest=_POD.format(tag="2.27.0", command="[/cloud-sql-proxy, wait, --max=2s, --http-port=9801]")),
    Good(manifest=_POD.format(tag="2.27.0-alpine", command="[nc, -z, 127.0.0.1, '5432']")),
)
BAD = (
    Bad(
        manifest=_POD.format(tag="2.27.0", command="[nc, -z, 127.0.0.1, '5432']"),
        at="/spec/initContainers/0/startupProbe/exec/command/0",
    ),
    Bad(manifest=_DISTROLESS, at="/spec/containers/0/readinessProbe/exec/command/0"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the program of every exec probe and hook."""
    for container in pod.containers():
        for probe in container.probes:
            if probe.handler == "exec":
                yield from _judge(container, probe, (probe.field,))
        for hook in container.hooks:
            if hook.handler == "exec":
                yield from _judge(container, hook, ("lifecycle", hook.field))


def _judge(container: ContainerView, handler: HandlerView, field: tuple[str, ...]) -> Iterator[Finding]:
    program = next(iter(handler.command), "")
    if not program or "$(" in program or _on_a_volume(container, program):
        return
    product = product_of(container.image)
    if product is not None:
        missing, confidence = product.lacks(container.image, program), Confidence.CERTAIN
    else:
        missing, confidence = lacks_common_program(container.image, program), Confidence.LIKELY
    if not missing:
        return
    certain = confidence is Confidence.CERTAIN
    yield RULE.finding(
        container,
        *field,
        "exec",
        "command",
        0,
        what=f"{container.image} {'has' if certain else 'by its name has'} no {program}: the probe or hook can never run",
        instead="probe over the network, name a program of the image, or put a gate init container behind it",
        severity=Severity.WARNING if not certain or handler.field in HARMLESS_TO_THE_START else None,
        confidence=confidence,
    )


def _on_a_volume(container: ContainerView, program: str) -> bool:
    if program.startswith("/"):
        return container.mount_covering(program) is not None
    return any(
        container.mount_covering(f"{folder}/{program}") is not None for folder in ("/usr/local/bin", "/usr/bin", "/bin")
    )
