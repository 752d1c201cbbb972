"""A restart policy is none that Kubernetes knows.

What it does:
    Finds `restartPolicy` of the Pod, and of each of its containers, with another value than Always, OnFailure or Never.

Why it matters:
    The API server refuses the Pod: `Unsupported value` (`validateRestartPolicy`, `validateContainerRestartPolicy`; measured on
    Kubernetes 1.37.2, for empty text on a container as well). Kubernetes 1.34 drops it from containers instead
    (`dropContainerRestartRules`, gate ContainerRestartRules off): what was meant as a sidecar is then an init container that
    has to end.

When it is fine:
    Never.

References:
    KEP-753, KEP-5307; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

KNOWN = ("Always", "OnFailure", "Never")
DROPPED_IN = (1, 34)
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  restartPolicy: {pod}
  initContainers:
  - {{name: proxy, image: proxy:1.0, restartPolicy: {sidecar}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(pod="Never", sidecar="Always")),
    Good(manifest=_POD.format(pod="OnFailure", sidecar="")),
)
BAD = (
    Bad(manifest=_POD.format(pod="Sometimes", sidecar="Always"), at="/spec/restartPolicy"),
    Bad(manifest=_POD.format(pod="Never", sidecar="always"), at="/spec/initContainers/0/restartPolicy"),
    Bad(manifest=_POD.format(pod="Never", sidecar="''"), at="/spec/initContainers/0/restartPolicy"),
    Bad(
        manifest=_POD.format(pod="Never", sidecar="always"),
        at="/spec/initContainers/0/restartPolicy",
        kubernetes="1.34",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the Pod's policy and each container's own with the three that there are."""
    policy = pod.spec.get("restartPolicy")
    if policy is not None and policy not in ("", *KNOWN):
        yield RULE.finding(
            pod, "restartPolicy", what=f"unknown restart policy {policy!r}", instead=f"write {', '.join(KNOWN)}"
        )
    for container in pod.containers():
        own = container.spec.get("restartPolicy")
        if own is not None and own not in KNOWN:
            version = pod.version
            dropped = version is not None and (version.major, version.minor) == DROPPED_IN
            yield RULE.finding(
                container,
                "restartPolicy",
                what=f"unknown restart policy {own!r}" + (f", which Kubernetes {version} drops" if dropped else ""),
                instead="write Always for a sidecar, or leave it out",
                severity=Severity.WARNING if dropped else None,
            )
