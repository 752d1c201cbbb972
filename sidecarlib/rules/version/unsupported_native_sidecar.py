"""The target version has no native sidecars.

What it does:
    Finds init containers with `restartPolicy: Always` for target versions up to 1.28.

Why it matters:
    Native sidecars came with 1.28 behind the feature gate SidecarContainers, and are there without it since 1.29 (KEP-753). With
    the gate off the API server drops `restartPolicy`: a container with a probe or a hook is then refused, one without is an init
    container for whose end the Pod waits for ever. Before 1.28 the field does not exist: kubectl refuses it, other clients lose
    it.

When it is fine:
    On 1.28 with the feature gate on, for API server, scheduler and kubelets.

References:
    KEP-753, "Version Skew Strategy"; `pkg/features/kube_features.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, until="1.28")

BEHIND_A_GATE = (1, 28)
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - {{name: proxy, image: proxy:1.0{policy}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(policy=", restartPolicy: Always"), kubernetes="1.29"),
    Good(manifest=_POD.format(policy=""), kubernetes="1.27"),
)
BAD = (
    Bad(
        manifest=_POD.format(policy=", restartPolicy: Always"),
        at="/spec/initContainers/0/restartPolicy",
        kubernetes="1.28",
    ),
    Bad(
        manifest=_POD.format(policy=", restartPolicy: Always"),
        at="/spec/initContainers/0/restartPolicy",
        kubernetes="1.25.3",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Finds every sidecar."""
    version = pod.version
    for sidecar in pod.native_sidecars():
        gated = version is not None and (version.major, version.minor) == BEHIND_A_GATE
        yield RULE.finding(
            sidecar,
            "restartPolicy",
            what=f"Kubernetes {version} has no native sidecars" + (" unless a feature gate is on" if gated else ""),
            instead="target 1.29 or newer" + (", or acknowledge that SidecarContainers is on" if gated else ""),
        )
