"""An http probe or hook has a scheme that is neither HTTP nor HTTPS.

What it does:
    Finds `httpGet.scheme` with another value, lower-case ones included.

Why it matters:
    The API server refuses the Pod: `Unsupported value: "http": supported values: "HTTP", "HTTPS"` (`validateHTTPGetAction`;
    measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import ProbeView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

SCHEMES = ("HTTP", "HTTPS")
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - name: proxy
    image: proxy:1.0
    restartPolicy: Always
    startupProbe: {{httpGet: {{path: /ready, port: 8443, scheme: {probe}}}, periodSeconds: 1}}
    lifecycle: {{preStop: {{httpGet: {{path: /drain, port: 8443, scheme: {hook}}}}}}}
  containers:
  - {{name: web, image: web:1.0}}
"""

GOOD = (Good(manifest=_POD.format(probe="HTTPS", hook="HTTP")),)
BAD = (
    Bad(
        manifest=_POD.format(probe="https", hook="HTTPS"),
        at="/spec/initContainers/0/startupProbe/httpGet/scheme",
    ),
    Bad(
        manifest=_POD.format(probe="HTTPS", hook="TLS"),
        at="/spec/initContainers/0/lifecycle/preStop/httpGet/scheme",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the scheme of every http probe and hook."""
    for container in pod.containers():
        if container.role is Role.RUN_ONCE_INIT:
            continue
        for handler in container.probes + container.hooks:
            if handler.handlers != ("httpGet",):
                continue
            scheme = handler.action.get("scheme")
            if scheme and scheme not in SCHEMES:
                field = (handler.field,) if isinstance(handler, ProbeView) else ("lifecycle", handler.field)
                yield RULE.finding(
                    container,
                    *field,
                    "httpGet",
                    "scheme",
                    what=f"unknown scheme {scheme!r}",
                    instead="write HTTP or HTTPS, in capitals",
                )
