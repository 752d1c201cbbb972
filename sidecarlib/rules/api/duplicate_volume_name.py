"""Two volumes of a Pod have the same name.

What it does:
    Compares the names of the Pod's volumes.

Why it matters:
    The API server refuses the Pod: `volumes[1].name: Duplicate value` (`ValidateVolumes`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - name: web
    image: web:1.0
    volumeMounts: [{{name: logs, mountPath: /logs}}]
  volumes:
  - {{name: logs, emptyDir: {{}}}}
  - {{name: {second}, emptyDir: {{medium: Memory}}}}
"""

GOOD = (Good(manifest=_POD.format(second="scratch")),)
BAD = (Bad(manifest=_POD.format(second="logs"), at="/spec/volumes/1/name"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the names of all volumes."""
    volumes = pod.volumes()
    if len({volume.name for volume in volumes}) == len(volumes):
        return
    seen: set[str] = set()
    for index, volume in enumerate(items(pod.spec.get("volumes"))):
        name = mapping(volume).get("name")
        if not isinstance(name, str) or not name:
            continue
        if name in seen:
            yield RULE.finding(
                pod,
                "volumes",
                index,
                "name",
                what=f"another volume of the Pod is called {name!r} too",
                instead="leave one of the two out, or give it another name",
            )
        seen.add(name)
