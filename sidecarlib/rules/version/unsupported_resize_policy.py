"""A sidecar or an init container has a resize policy, which the target version does not take.

What it does:
    Finds `resizePolicy` on entries of `initContainers` for target versions up to 1.32.

Why it matters:
    The API server drops it without a word (gate InPlacePodVerticalScaling off), and where the gate is on it refuses the Pod: `must not be set
    for init containers` (`validateInitContainers` of 1.28.15 and 1.32.10). Either way the container cannot be resized in
    place.

When it is fine:
    Nobody resizes the Pod, and the gate is off: then it only has no effect.

References:
    KEP-1287; `pkg/api/pod/util.go`, `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.WARNING, until="1.32")

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    {proxy}
  containers:
  - name: web
    image: web:1.0
    resizePolicy: [{{resourceName: cpu, restartPolicy: NotRequired}}]
"""
_RESIZE = "resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]"

GOOD = (
    Good(manifest=_POD.format(proxy="args: [--port=5432]"), kubernetes="1.32"),
    Good(manifest=_POD.format(proxy=_RESIZE), kubernetes="1.33"),
)
BAD = (Bad(manifest=_POD.format(proxy=_RESIZE), at="/spec/initContainers/0/resizePolicy", kubernetes="1.32"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the policy on every sidecar and init container."""
    for container in pod.init_sequence():
        if container.spec.get("resizePolicy"):
            yield RULE.finding(
                container,
                "resizePolicy",
                what=f"a resize policy, which Kubernetes {pod.version} drops, or refuses where InPlacePodVerticalScaling is on",
                instead="leave it out, or target 1.33 or newer",
            )
