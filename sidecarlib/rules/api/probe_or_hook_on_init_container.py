"""An init container that runs once has a probe or a lifecycle hook.

What it does:
    Finds `startupProbe`, `livenessProbe`, `readinessProbe` and `lifecycle` on init containers whose restart policy is not
    Always.

Why it matters:
    The API server refuses the Pod: `may not be set for init containers without restartPolicy=Always`
    (`validateInitContainers`; measured on Kubernetes 1.37.2, with `restartPolicy: OnFailure` as well). Mostly the restart policy
    is what is missing: the container was meant as a sidecar.

When it is fine:
    Never.

References:
    KEP-753; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

FIELDS = ("startupProbe", "livenessProbe", "readinessProbe", "lifecycle")
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    {fields}
  containers:
  - {{name: web, image: web:1.0}}
"""
_PROBE = "startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1}"

GOOD = (
    Good(manifest=_POD.format(fields="restartPolicy: Always\n    " + _PROBE)),
    Good(manifest=_POD.format(fields="command: [migrate]")),
)
BAD = (
    Bad(manifest=_POD.format(fields=_PROBE), at="/spec/initContainers/0/startupProbe"),
    Bad(
        manifest=_POD.format(fields="restartPolicy: OnFailure\n    " + _PROBE),
        at="/spec/initContainers/0/startupProbe",
        kubernetes="1.35",
    ),
    Bad(
        manifest=_POD.format(fields="lifecycle: {preStop: {exec: {command: [drain]}}}"),
        at="/spec/initContainers/0/lifecycle",
    ),
    Bad(
        manifest=_POD.format(fields="readinessProbe: {httpGet: {path: /ready, port: 8080}}"),
        at="/spec/initContainers/0/readinessProbe",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for the four fields on every init container that runs once."""
    for container in pod.run_once_inits():
        for field in FIELDS:
            if container.spec.get(field) is not None:
                yield RULE.finding(
                    container,
                    field,
                    what=f"{field} on an init container that runs once",
                    instead=f"write restartPolicy: Always when the container is to keep running, else leave {field} out",
                )
