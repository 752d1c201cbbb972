"""An init container that runs once is to be restarted when it is resized.

What it does:
    Finds `resizePolicy` with `restartPolicy: RestartContainer` on init containers that are no sidecars.

Why it matters:
    The API server of Kubernetes 1.36 and newer refuses the Pod: `must not be set to 'RestartContainer' for non-sidecar
    initContainers` (`validateInitContainers`; measured on 1.37.2).

When it is fine:
    Never: what runs once is not restarted.

References:
    KEP-1287; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, since="1.36")

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: migrate
    image: web:1.0
    {policy}
    resizePolicy: [{{resourceName: memory, restartPolicy: {resize}}}]
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(policy="", resize="NotRequired"), kubernetes="1.36"),
    Good(manifest=_POD.format(policy="restartPolicy: Always", resize="RestartContainer"), kubernetes="1.36"),
)
BAD = (
    Bad(
        manifest=_POD.format(policy="", resize="RestartContainer"),
        at="/spec/initContainers/0/resizePolicy/0/restartPolicy",
        kubernetes="1.36",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks at the resize policies of every init container that runs once."""
    for container in pod.run_once_inits():
        for index, policy in enumerate(items(container.spec.get("resizePolicy"))):
            if mapping(policy).get("restartPolicy") == "RestartContainer":
                yield RULE.finding(
                    container,
                    "resizePolicy",
                    index,
                    "restartPolicy",
                    what="RestartContainer on an init container that runs once",
                    instead="write NotRequired, or leave the policy out",
                )
