"""A main container has a restart policy of its own, which the target version does not take.

What it does:
    Finds `restartPolicy` on entries of `containers` for target versions up to 1.34. For newer ones see
    `always-restarting-main-container`.

Why it matters:
    Up to 1.33 the API server refuses the Pod: `may not be set for non-init containers` (`validateContainers` of 1.28.15 to
    1.33.5). 1.34 drops the field without a word (`dropContainerRestartRules`, gate ContainerRestartRules off). Mostly the
    container was meant as a sidecar, which only an entry of `initContainers` can be.

When it is fine:
    On 1.34 with the feature gate on.

References:
    KEP-753, KEP-5307; `pkg/apis/core/validation/validation.go`, `pkg/api/pod/util.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, until="1.34")

DROPPED_IN = (1, 34)
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - {{name: web, image: web:1.0}}
  - {{name: proxy, image: proxy:1.0{policy}}}
"""
_AT = "/spec/containers/1/restartPolicy"

GOOD = (
    Good(manifest=_POD.format(policy="")),
    Good(manifest=_POD.format(policy=", restartPolicy: Never"), kubernetes="1.35"),
)
BAD = (
    Bad(manifest=_POD.format(policy=", restartPolicy: Always"), at=_AT),
    Bad(manifest=_POD.format(policy=", restartPolicy: OnFailure"), at=_AT, kubernetes="1.29"),
    Bad(manifest=_POD.format(policy=", restartPolicy: Always"), at=_AT, kubernetes="1.34"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for a policy on every main container."""
    for container in pod.mains():
        if (policy := container.spec.get("restartPolicy")) is None:
            continue
        version = pod.version
        dropped = version is not None and (version.major, version.minor) == DROPPED_IN
        yield RULE.finding(
            container,
            "restartPolicy",
            what=f"restart policy {policy!r} on a main container, which Kubernetes {version} "
            + ("drops" if dropped else "refuses"),
            instead="move the container to initContainers to make it a sidecar, or leave the policy out",
            severity=Severity.WARNING if dropped else None,
        )
