"""A container mounts a volume that the Pod does not have.

What it does:
    Looks up the volume of every entry of `volumeMounts` and `volumeDevices`; in a StatefulSet its claim templates are volumes too.

Why it matters:
    The API server refuses the Pod: `volumeMounts[0].name: Not found: "x"` (`ValidateVolumeMounts`; measured on Kubernetes
    1.37.2).

When it is fine:
    In a patch, or in a resource whose controller adds the volume; kinds that are not Kubernetes' own are left alone.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, nested, text
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import own_kind

RULE = Rule(__name__, severity=Severity.ERROR, needs_kind=True)

_STATEFUL_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db}}
spec:
  serviceName: db
  selector: {{matchLabels: {{app: db}}}}
  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      initContainers:
      - name: backup
        image: backup:1.0
        restartPolicy: Always
        volumeMounts: [{{name: {mounted}, mountPath: /data}}]
      containers:
      - name: db
        image: db:1.0
        {field}
      volumes: [{{name: scratch, emptyDir: {{}}}}]
  volumeClaimTemplates:
  - metadata: {{name: data}}
    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
"""
_SPEC = "/spec/template/spec"

GOOD = (
    Good(manifest=_STATEFUL_SET.format(mounted="data", field="volumeMounts: [{name: scratch, mountPath: /tmp}]")),
    Good(
        manifest=_STATEFUL_SET.format(mounted="scratch", field="volumeDevices: [{name: data, devicePath: /dev/data}]")
    ),
)
BAD = (
    Bad(
        manifest=_STATEFUL_SET.format(mounted="data", field="volumeMounts: [{mountPath: /tmp}]"),
        at=f"{_SPEC}/containers/0/volumeMounts/0/name",
    ),
    Bad(
        manifest=_STATEFUL_SET.format(mounted="dat", field="volumeMounts: []"),
        at=f"{_SPEC}/initContainers/0/volumeMounts/0/name",
    ),
    Bad(
        manifest=_STATEFUL_SET.format(mounted="data", field="volumeDevices: [{name: raw, devicePath: /dev/raw}]"),
        at=f"{_SPEC}/containers/0/volumeDevices/0/name",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks up the volume of every mount and device."""
    known: set[str] | None = None
    for container in pod.containers():
        for field in ("volumeMounts", "volumeDevices"):
            for index, mount in enumerate(items(container.spec.get(field))):
                name = text(mapping(mount).get("name"))
                known = _volumes(pod) if known is None else known
                if known is not None and (not name or name not in known):
                    yield RULE.finding(
                        container,
                        field,
                        index,
                        "name",
                        what=f"no volume {name!r}" if name else "a mount that names no volume",
                        instead="write it under the Pod's volumes" + _there(known),
                    )


def _volumes(pod: PodView) -> set[str] | None:
    """The names of all volumes, None where they cannot be known."""
    kind = own_kind(pod)
    if kind is None or (kind == "StatefulSet" and pod.document is None):
        return None
    names = {volume.name for volume in pod.volumes()}
    if kind == "StatefulSet":
        claims = items(nested(pod.document, ("spec", "volumeClaimTemplates")))
        names.update(text(nested(claim, ("metadata", "name"))) for claim in claims)
    return names


def _there(known: set[str]) -> str:
    return f", or mount one that is there: {', '.join(sorted(known))}" if known else ""
