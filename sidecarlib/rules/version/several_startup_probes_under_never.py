"""In the target version, a sidecar that fails once can keep the Pod from ever starting.

What it does:
    Finds Pods with `restartPolicy: Never`, a sidecar with a startup probe and at least one more startup probe, for target versions up to
    1.32, 1.33.0 to 1.33.5, and 1.34.0 to 1.34.1. A target without a patch number means the last patch of its minor.

Why it matters:
    When the first attempt of such a sidecar ends, the kubelet stops probing it, because it looks at the Pod's restart policy alone; the
    sidecar comes back, nobody finds out that it has started, and the main container waits for ever (kubernetes issue 132826,
    fixed by 133072 in 1.35, by 134800 in 1.34.2 and by 134801 in 1.33.6).

When it is fine:
    The first attempt of every sidecar succeeds.

References:
    kubernetes issue 132826; `pkg/kubelet/prober/worker.go`, `prober_manager.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity

RULE = Rule(__name__, severity=Severity.WARNING, confidence=Confidence.POSSIBLE, since="1.28", until="1.34.1")

FIXED_IN = {33: KubernetesVersion(1, 33, 6), 34: KubernetesVersion(1, 34, 2)}
"""The first patch with the fix, by minor; older minors never got it."""
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  template:
    spec:
      restartPolicy: {policy}
      initContainers:
      - name: vault
        image: vault:1.0
        restartPolicy: Always
        startupProbe: {{httpGet: {{path: /ready, port: 8200}}, periodSeconds: 1, failureThreshold: 60}}
      - name: proxy
        image: proxy:1.0
        restartPolicy: Always
        {proxy}
      containers:
      - {{name: work, image: work:1.0}}
"""
_PROBE = "startupProbe: {httpGet: {path: /ready, port: 9801}, periodSeconds: 1, failureThreshold: 60}"
_AT = "/spec/template/spec/restartPolicy"

GOOD = (
    Good(manifest=_JOB.format(policy="Never", proxy=_PROBE)),
    Good(manifest=_JOB.format(policy="Never", proxy=_PROBE), kubernetes="1.33.6"),
    Good(manifest=_JOB.format(policy="OnFailure", proxy=_PROBE), kubernetes="1.32"),
    Good(manifest=_JOB.format(policy="Never", proxy="args: [--port=5432]"), kubernetes="1.32"),
)
BAD = (
    Bad(manifest=_JOB.format(policy="Never", proxy=_PROBE), at=_AT, kubernetes="1.32"),
    Bad(manifest=_JOB.format(policy="Never", proxy=_PROBE), at=_AT, kubernetes="1.33.5"),
    Bad(manifest=_JOB.format(policy="Never", proxy=_PROBE), at=_AT, kubernetes="1.34.1"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Counts the startup probes of a Pod that restarts nothing."""
    version = pod.version
    if pod.restart_policy != "Never" or version is None:
        return
    fixed = FIXED_IN.get(version.minor)
    if fixed is not None and version >= fixed:
        return
    sidecars = [sidecar.name for sidecar in pod.native_sidecars() if _is_probed(sidecar)]
    probed = len(sidecars) + sum(_is_probed(main) for main in pod.mains())
    if sidecars and probed > 1:
        yield RULE.finding(
            pod,
            "restartPolicy",
            what=f"when the first attempt of {' or '.join(sidecars)} fails, Kubernetes {version} may never start the main container",
            instead="use 1.33.6, 1.34.2, 1.35 or newer, restart policy OnFailure, or gates that are no startup probes",
        )


def _is_probed(container: ContainerView) -> bool:
    return container.spec.get("startupProbe") is not None
