"""A container mounts two volumes at the same path.

What it does:
    Compares the `mountPath` of the mounts of each container, letter by letter as the API server does.

Why it matters:
    The API server refuses the Pod: `mountPath: Invalid value: "/data": must be unique` (`ValidateVolumeMounts`; measured on
    Kubernetes 1.37.2).

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
    volumeMounts:
    - {{name: data, mountPath: /data}}
    - {{name: logs, mountPath: {logs}}}
  volumes:
  - {{name: data, emptyDir: {{}}}}
  - {{name: logs, emptyDir: {{}}}}
"""

GOOD = (Good(manifest=_POD.format(logs="/data/logs")),)
BAD = (Bad(manifest=_POD.format(logs="/data"), at="/spec/containers/0/volumeMounts/1/mountPath"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the paths of each container with more than one mount."""
    for container in pod.containers():
        mounts = items(container.spec.get("volumeMounts"))
        if len(mounts) < 2:  # noqa: PLR2004 - a pair
            continue
        seen: dict[str, object] = {}
        for index, mount in enumerate(mounts):
            path, name = mapping(mount).get("mountPath"), mapping(mount).get("name")
            if not isinstance(path, str) or not path:
                continue
            if path in seen:
                yield RULE.finding(
                    container,
                    "volumeMounts",
                    index,
                    "mountPath",
                    what=f"volume {name!r} is mounted at {path!r}, and so is {seen[path]!r}",
                    instead="mount one of the two at another path",
                )
            seen.setdefault(path, name)
