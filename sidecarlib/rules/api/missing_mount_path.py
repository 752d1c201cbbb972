"""A container mounts a volume nowhere.

What it does:
    Finds entries of `volumeMounts` without `mountPath`.

Why it matters:
    The API server refuses the Pod: `mountPath: Required value` (`ValidateVolumeMounts`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
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
  - {{name: web, image: web:1.0, volumeMounts: [{{name: data{path}}}]}}
  volumes:
  - {{name: data, emptyDir: {{}}}}
"""

GOOD = (Good(manifest=_POD.format(path=", mountPath: /data")),)
BAD = (Bad(manifest=_POD.format(path=""), at="/spec/containers/0/volumeMounts/0/mountPath"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the path of every mount."""
    for container in pod.containers():
        for mount in container.mounts:
            if not mount.path:
                index = int(mount.pointer.rpartition("/")[2])
                yield RULE.finding(
                    container,
                    "volumeMounts",
                    index,
                    "mountPath",
                    what=f"volume {mount.name!r} is mounted without a path",
                    instead="write the absolute path at which the container finds it",
                )
