"""An earlier entry of the init sequence needs what a later container provides.

What it does:
    Looks at each plain init container and each sidecar for what only later containers provide: a loop or a startup probe that
    waits for the port or the file of a later sidecar (error); a file for its credentials or configuration on an `emptyDir` to
    which only later containers write (error, where the start waits for it); an address such as `127.0.0.1:5432` in its arguments
    or variables where a later container listens (warning).

Why it matters:
    The sequence starts strictly in order: the next entry waits until a plain init container has exited with 0, or a sidecar's
    startup probe has passed. A consumer that needs its provider for that fails, is tried again and fails again, and the provider
    is never started. Cloud SQL Auth Proxy, for one, exits at once when its credentials file is missing (measured on version 2.27.0).

When it is fine:
    It only writes the address down or hands it on, or it can do without. Put it behind its provider nonetheless where you can.

References:
    KEP-753; `pkg/kubelet/kuberuntime/kuberuntime_container.go`, computeInitContainerActions.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView, MountView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.files_read import files_read_by
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.gates import Field, gates_of
from sidecarlib.rules.frame.references import Reference, references_of
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.suppliers import (
    first_listener,
    missing_file,
    missing_port,
    starting_after,
    writes,
    written_before,
)

RULE = Rule(__name__, severity=Severity.ERROR, confidence=Confidence.LIKELY)

_MIGRATION = """
  - name: migrate
    image: migrate:1.0
    {needs}
"""
_PROXY = """
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    args: ["--credentials-file=/secrets/key.json"]
    ports: [{containerPort: 5432}, {containerPort: 9801}]
    startupProbe: {httpGet: {path: /startup, port: 9801}, periodSeconds: 1}
    volumeMounts: [{name: secrets, mountPath: /secrets, readOnly: true}]
"""
_VAULT = """
  - name: vault-agent
    image: agent:1.0
    restartPolicy: Always
    startupProbe: {exec: {command: [test, -e, /secrets/key.json]}, periodSeconds: 1}
    volumeMounts: [{name: secrets, mountPath: /secrets}]
"""


def _pod(*sequence: str) -> str:
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  initContainers:"
    tail = '  containers:\n  - {name: web, image: "web:1.0"}\n  volumes:\n  - {name: secrets, emptyDir: {medium: Memory}}\n'
    return head + "".join(entry.rstrip() for entry in sequence) + "\n" + tail


_ADDRESS = _MIGRATION.format(needs='env: [{name: DATABASE_URL, value: "postgres://app@127.0.0.1:5432/app"}]')
_LOOP = _MIGRATION.format(needs='command: [sh, -c, "until nc -z 127.0.0.1 5432; do sleep 1; done; exec migrate"]')

GOOD = (Good(manifest=_pod(_VAULT, _PROXY, _ADDRESS)), Good(manifest=_pod(_VAULT, _PROXY, _LOOP)))
BAD = (
    Bad(manifest=_pod(_VAULT, _LOOP, _PROXY), at="/spec/initContainers/1/command/2"),
    Bad(manifest=_pod(_PROXY, _VAULT), at="/spec/initContainers/0/args/0"),
    Bad(manifest=_pod(_VAULT, _ADDRESS, _PROXY), at="/spec/initContainers/1/env/0/value"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Asks of each entry what it needs, and who provides that later."""
    sequence = pod.init_sequence()
    if not sequence:
        return
    for gate in gates_of(pod):
        supplies = [missing_port(gate, port) for port in gate.ports] + [missing_file(gate, path) for path in gate.files]
        for supply in filter(None, supplies):
            provider = supply.later_sidecar()
            if provider is not None:
                confidence = Confidence.CERTAIN if supply.alone else None
                yield _stuck(gate.container, gate.field, f"waits for {supply.what}", provider, confidence)
    waited = {(gate.container.index, port) for gate in gates_of(pod) for port in gate.ports}
    scratch = {volume.name for volume in pod.volumes() if volume.kind == "emptyDir"}
    for container in sequence:
        for mount in container.mounts:
            if mount.name in scratch and not written_before(container, mount):
                yield from _missing_files(container, mount)
        for reference in references_of(container):
            if (container.index, reference.port) not in waited:
                yield from _early_address(container, reference)


def _missing_files(container: ContainerView, mount: MountView) -> Iterator[Finding]:
    """Files that it is told to read on a volume to which nobody has written yet."""
    provider = next((other for other in starting_after(container) if writes(other, mount)), None)
    if provider is None:
        return
    waited_for = container.role is Role.RUN_ONCE_INIT or container.probe("startupProbe") is not None
    for path, field, certainly_read in files_read_by(container):
        if container.mount_covering(path) != mount or not (mount.read_only or certainly_read):
            continue
        if waited_for and field[0] != "env":
            yield _stuck(container, field, f"reads {path}", provider, None)
        else:
            yield _early(container, field, f"reads {path}, which is not there yet", provider, Confidence.LIKELY)


def _early_address(container: ContainerView, reference: Reference) -> Iterator[Finding]:
    """An address on loopback where only a later container listens."""
    plain = container.role is Role.RUN_ONCE_INIT
    if not plain and container.probe("startupProbe") is None:
        return
    provider = first_listener(container, reference.port, in_variable=reference.field[0] == "env")
    if provider is None or (provider.role is Role.MAIN and not plain):
        return
    confidence = Confidence.LIKELY if plain else Confidence.POSSIBLE
    need = f"is told by {reference.source} to use port {reference.port} on loopback"
    yield _early(container, reference.field, need, provider, confidence)


def _stuck(
    container: ContainerView, field: Field, need: str, provider: ContainerView, confidence: Confidence | None
) -> Finding:
    return RULE.finding(
        container,
        *field,
        what=f"{container.name} {need}, which {provider.name} provides, and that starts after it: neither gets going",
        instead=f"put {container.name} behind {provider.name}",
        confidence=confidence,
    )


def _early(
    container: ContainerView, field: Field, need: str, provider: ContainerView, confidence: Confidence
) -> Finding:
    instead = "among the init containers" if provider.role is Role.MAIN else f"in front of {container.name}"
    return RULE.finding(
        container,
        *field,
        what=f"{container.name} {need}, and {provider.name} starts after it: it fails again and again if its start needs that",
        instead=f"put {provider.name} {instead}, with restartPolicy: Always and a startupProbe",
        severity=Severity.WARNING,
        confidence=confidence,
    )
