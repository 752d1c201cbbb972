"""A volume has no name, or one that is no DNS label.

What it does:
    Reads the names of the Pod's volumes.

Why it matters:
    The API server refuses the Pod (`ValidateVolumes`; measured on Kubernetes 1.37.2).

When it is fine:
    Never.

References:
    RFC 1123; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
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
  containers:
  - {{name: web, image: web:1.0}}
  volumes:
  - {{{name}emptyDir: {{}}}}
"""

GOOD = (Good(manifest=_POD.format(name="name: log-files, ")),)
BAD = (
    Bad(manifest=_POD.format(name="name: log_files, "), at="/spec/volumes/0/name"),
    Bad(manifest=_POD.format(name="name: log.files, "), at="/spec/volumes/0/name"),
    Bad(manifest=_POD.format(name=""), at="/spec/volumes/0/name"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads every name as the API server does."""
    for index, volume in enumerate(items(pod.spec.get("volumes"))):
        name = mapping(volume).get("name")
        if not isinstance(name, str) or not name:
            yield RULE.finding(
                pod, "volumes", index, "name", what="a volume without a name", instead="write a name to mount it by"
            )
        elif (instead := dns_label(name)) is not None:
            yield RULE.finding(pod, "volumes", index, "name", what=f"invalid volume name {name!r}", instead=instead)
