"""The Pod has resources of its own, which the target version ignores.

What it does:
    Finds the Pod's `resources`, beside those of its containers, for target versions up to 1.33.

Why it matters:
    1.32 and 1.33 drop them without a word (`dropDisabledPodLevelResources`, gate PodLevelResources off): the Pod requests what its
    containers do, and has no limit of its own. Before 1.32 the field does not exist: kubectl refuses it, other clients lose it.

When it is fine:
    On 1.32 and 1.33 with the feature gate on.

References:
    KEP-2837; `pkg/features/kube_features.go`, `pkg/api/pod/util.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.WARNING, until="1.33")

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  {resources}
  containers:
  - {{name: web, image: web:1.0, resources: {{requests: {{cpu: 100m}}}}}}
"""
_RESOURCES = "resources: {requests: {cpu: 200m}, limits: {memory: 256Mi}}"

GOOD = (
    Good(manifest=_POD.format(resources="enableServiceLinks: false")),
    Good(manifest=_POD.format(resources=_RESOURCES), kubernetes="1.34"),
)
BAD = (Bad(manifest=_POD.format(resources=_RESOURCES), at="/spec/resources"),)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the Pod's own resources."""
    if pod.spec.get("resources"):
        yield RULE.finding(
            pod,
            "resources",
            what=f"resources of the Pod itself, which Kubernetes {pod.version} does not take unless PodLevelResources is on",
            instead="write resources on the containers, or target 1.34 or newer",
        )
