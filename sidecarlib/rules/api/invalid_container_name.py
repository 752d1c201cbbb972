"""A container has no name, or one that is no DNS label.

What it does:
    Finds containers of any role without a name, and names with other characters than lower-case letters, digits and `-`, with
    a `-` at an end, or of more than 63 characters.

Why it matters:
    The API server refuses the Pod (`validateContainerCommon`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    RFC 1123; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.names import dns_label
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  initContainers:
  - {{{sidecar}image: proxy:1.0, restartPolicy: Always}}
  containers:
  - {{{main}image: web:1.0}}
"""

GOOD = (
    Good(manifest=_POD.format(sidecar="name: sql-proxy, ", main="name: web, ")),
    Good(manifest=_POD.format(sidecar=f"name: {'p' * 63}, ", main="name: 2nd, ")),
)
BAD = (
    Bad(manifest=_POD.format(sidecar="name: sql_proxy, ", main="name: web, "), at="/spec/initContainers/0/name"),
    Bad(manifest=_POD.format(sidecar="name: sql-proxy, ", main="name: Web, "), at="/spec/containers/0/name"),
    Bad(manifest=_POD.format(sidecar="name: sql-proxy, ", main=f"name: {'w' * 64}, "), at="/spec/containers/0/name"),
    Bad(manifest=_POD.format(sidecar="name: sql-proxy, ", main=""), at="/spec/containers/0/name"),
    Bad(manifest=_POD.format(sidecar="name: sql-proxy, ", main="name: 8, "), at="/spec/containers/0/name"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads every name as the API server does."""
    for container in pod.containers():
        name = container.spec.get("name")
        if isinstance(name, str) and name:
            if (instead := dns_label(name)) is not None:
                yield RULE.finding(container, "name", what=f"invalid container name {name!r}", instead=instead)
            continue
        field = "containers" if container.role is Role.MAIN else "initContainers"
        yield RULE.finding(
            pod,
            field,
            container.index,
            "name",
            what=f"the container name {name!r} is no text" if name else "no container name",
            instead="write a name of lower-case letters, digits and '-', in quotes when it is all digits",
        )
