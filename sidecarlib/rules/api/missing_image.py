"""A container has no image.

What it does:
    Finds containers of any role without `image`.

Why it matters:
    The API server refuses the Pod: `image: Required value` (`validateContainerCommon`; measured on Kubernetes 1.37.2), in a
    workload's template as well.

When it is fine:
    In a patch, which names the containers that it changes.

References:
    `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR)

_DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      initContainers:
      - {{name: proxy, restartPolicy: Always{proxy}}}
      containers:
      - {{name: web, image: {web}}}
"""

GOOD = (Good(manifest=_DEPLOYMENT.format(proxy=", image: proxy:1.0", web="web:1.0")),)
BAD = (
    Bad(
        manifest=_DEPLOYMENT.format(proxy="", web="web:1.0"),
        at="/spec/template/spec/initContainers/0/image",
    ),
    Bad(
        manifest=_DEPLOYMENT.format(proxy=", image: proxy:1.0", web="''"),
        at="/spec/template/spec/containers/0/image",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for an image in every container."""
    for container in pod.containers():
        if not container.image:
            image = container.spec.get("image")
            yield RULE.finding(
                container,
                "image",
                what=f"the image {image!r} is no text" if image else "no image",
                instead="write the image to run, with its tag or digest",
            )
