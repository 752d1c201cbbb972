"""A gate waits for a file at a place where it can never see one.

What it does:
    Finds a plain init container that loops until a file exists, and an exec startup probe of a sidecar that asks for one, when the
    container has no volume mounted there although another container has, or has an `emptyDir` there that nothing but the
    gate itself mounts for writing. A loop for a file where no container mounts anything is a warning, as is a probe for one
    below a read-only root.

Why it matters:
    Each container has a root file system of its own: without the mount, the gate looks into its own image and not at the file that
    its neighbour writes. It never passes, and the Pod stays in Init for ever. Where a sidecar does find it because it
    writes the file itself, it writes it into its own root, where nobody else sees it.

When it is fine:
    The image brings the file along, and then there is nothing to wait for. Folders that every container has for itself (`/tmp`, `/run`,
    `/proc`, …) are not reported, unless the root file system is read-only.

References:
    KEP-753; Kubernetes documentation, "Volumes".
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import Gate, gates_of
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.suppliers import missing_file

RULE = Rule(__name__, severity=Severity.ERROR, confidence=Confidence.LIKELY)

PROVIDED = (
    "/proc/",
    "/sys/",
    "/dev/",
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/var/run/secrets/",
    "/run/secrets/",
)
"""What the kernel, the kubelet or a webhook puts into every container."""
OWN_SCRATCH = ("/tmp/", "/run/", *(f"/var/{folder}/" for folder in ("tmp", "run", "lock")))  # noqa: S108 - of a container

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: vault-agent
    image: vault-agent:1.0
    restartPolicy: Always
    startupProbe: {{exec: {{command: [test, -f, /secrets/password]}}, periodSeconds: 1}}
    volumeMounts: {agent_mounts}
  - name: secrets-gate
    image: busybox:1.36
    command: [/bin/sh, -c, "until test -f /secrets/password; do sleep 1; done"]
    volumeMounts: {gate_mounts}
  containers:
  - name: web
    image: web:1.0
    volumeMounts: [{{name: secrets, mountPath: /secrets, readOnly: true}}]
  volumes: [{{name: secrets, emptyDir: {{medium: Memory}}}}]
"""
_MOUNT = "[{name: secrets, mountPath: /secrets}]"

GOOD = (Good(manifest=_POD.format(agent_mounts=_MOUNT, gate_mounts=_MOUNT)),)
BAD = (
    Bad(manifest=_POD.format(agent_mounts=_MOUNT, gate_mounts="[]"), at="/spec/initContainers/1/command/2"),
    Bad(
        manifest=_POD.format(agent_mounts="[]", gate_mounts="[{name: secrets, mountPath: /secrets}]").replace(
            "until test -f /secrets/password; do sleep 1; done", "echo ready"
        ),
        at="/spec/initContainers/0/startupProbe/exec/command",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the volume on which each awaited file lies."""
    for gate in gates_of(pod):
        for path in gate.files:
            if not path.startswith(PROVIDED):
                yield from _judge(gate, path)


def _judge(gate: Gate, path: str) -> Iterator[Finding]:
    container = gate.container
    if container.mount_covering(path) is not None:
        supply = missing_file(gate, path)
        if supply is not None and not supply.later:
            yield _finding(
                gate,
                path,
                "nothing else in the Pod can write there",
                "mount the volume for writing where the file is made",
            )
        return
    if not container.read_only_root and path.startswith(OWN_SCRATCH):
        return
    sharer = _somebody_else_with(container, path)
    if sharer is not None:
        volume, owner = sharer
        yield _finding(
            gate,
            path,
            f"it looks into its own root, while {owner} has volume {volume!r} there",
            f"mount volume {volume!r} into {container.name} at the same path",
        )
    elif gate.loop or container.read_only_root:
        yield _finding(
            gate,
            path,
            "no volume is mounted there, so only its own image can hold it",
            "mount the volume on which the file appears",
            severity=Severity.WARNING,
        )


def _somebody_else_with(container: ContainerView, path: str) -> tuple[str, str] | None:
    """Name of the volume and of a container that has one mounted where the path lies."""
    for other in container.pod.containers():
        mount = other.mount_covering(path) if other is not container else None
        if mount is not None:
            return mount.name, other.name
    return None


def _finding(gate: Gate, path: str, because: str, instead: str, severity: Severity | None = None) -> Finding:
    return RULE.finding(
        gate.container,
        *gate.field,
        what=f"{gate.container.name} waits for {path}: {because}",
        instead=instead,
        severity=severity,
    )
