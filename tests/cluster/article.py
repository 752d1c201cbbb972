"""How the tests write the article's manifests: YAML text with the images that are at hand, and the peer without a sidecar."""

from __future__ import annotations

from string import Template

from tests.cluster.images import (
    BUSYBOX,
    CLOUD_SQL_PROXY_OF_THE_ARTICLE,
    OTEL_COLLECTOR_OF_THE_ARTICLE,
    VAULT,
)

IMAGES = {
    "busybox": BUSYBOX,
    "proxy": CLOUD_SQL_PROXY_OF_THE_ARTICLE,
    "collector": OTEL_COLLECTOR_OF_THE_ARTICLE,
    "vault": VAULT,
}


def write(manifest: str, **values: object) -> str:
    """Fills in the images and the values of a test; raises `KeyError` for a `$name` that has none."""
    return Template(manifest).substitute(IMAGES, **values)


def job_without_sidecar(name: str, seconds: int) -> str:
    """A Job of one container that works for so long: what every other Job is compared with."""
    return write(JOB_WITHOUT_SIDECAR, name=name, seconds=seconds)


JOB_WITHOUT_SIDECAR = """
apiVersion: batch/v1
kind: Job
metadata: {name: $name}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: $busybox, command: [sh, -c, "sleep $seconds; echo processed"]}
"""

HELPER_AMONG_CONTAINERS = """
apiVersion: batch/v1
kind: Job
metadata: {name: traditional}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: $busybox, command: [sh, -c, "sleep 2; echo processed"]}
      - {name: sidecar, image: $busybox, command: [sh, -c, "while true; do echo running; sleep 5; done"]}
"""
