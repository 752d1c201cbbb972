"""A changed file of a sidecar reaches the cluster by the same `kubectl apply` that brought the old one."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import Container, NativeSidecar, PodSpec, Probe, stoppable_shell
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import Condition, rolled_out
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

FILE = "/etc/sidecar/sidecar.conf"
ROLLING = ("Deployment", "StatefulSet", "DaemonSet")
FIXED: dict[str, dict[str, Any]] = {
    "Job": {"suspend": True},
    "CronJob": {"schedule": "0 3 * * *"},
    "Pod": {},
}
SCHEDULED = {"nodeName": ""}  # a Pod may have got its node in between


def pod_with_file(text: str) -> PodSpec:
    """A Pod whose sidecar prints its file, and then waits."""
    sidecar = NativeSidecar(
        name="sidecar",
        image=BUSYBOX,
        command=stoppable_shell(f"cat {FILE}; sleep 3600"),
        startup_probe=Probe.exec(["test", "-f", FILE]),
        files={FILE: text},
        stops_within=1,
    )
    app = Container(name="app", image=BUSYBOX, command=stoppable_shell("sleep 3600"))
    return PodSpec(containers=[app], sidecars=[sidecar], termination_grace_period_seconds=5)


def data(namespace: Namespace) -> dict[str, str]:
    """What the sidecar's ConfigMap holds now."""
    found: dict[str, str] = namespace.get("configmap/web-sidecar")["data"]
    return found


@pytest.mark.parametrize("kind", ROLLING)
def test_workloads_that_can_replace_their_pods_do(kind: str, namespace: Namespace) -> None:
    """The template changes with the file, new Pods take the place of the old ones, and their sidecars read the new text."""
    workload = f"{kind.lower()}/web"
    namespace.apply(objects(kind, "web", pod_with_file("one\n")))
    old = namespace.wait(workload, rolled_out(), within=60)
    namespace.apply(objects(kind, "web", pod_with_file("two\n")))
    newer = Condition(
        "of a newer generation", lambda found: found["metadata"]["generation"] > old["metadata"]["generation"]
    )
    namespace.wait(workload, newer & rolled_out(), within=90)

    assert data(namespace) == {"sidecar.conf": "two\n"}
    alive = [pod for pod in namespace.pods_of(workload) if "deletionTimestamp" not in pod["metadata"]]
    assert [namespace.logs(f"pod/{pod['metadata']['name']}", "sidecar") for pod in alive] == ["two\n"]


@pytest.mark.parametrize("kind", FIXED)
def test_workloads_that_cannot_stay_as_they_are(kind: str, namespace: Namespace) -> None:
    """The apply succeeds and changes the ConfigMap alone: a Job's template and most of a Pod are immutable, a CronJob's next Job reads the new text."""
    namespace.apply(objects(kind, "web", pod_with_file("one\n"), **FIXED[kind]))
    old = namespace.get(f"{kind.lower()}/web")
    namespace.apply(objects(kind, "web", pod_with_file("two\n"), **FIXED[kind]))
    new = namespace.get(f"{kind.lower()}/web")

    assert data(namespace) == {"sidecar.conf": "two\n"}
    assert new["metadata"]["uid"] == old["metadata"]["uid"]
    assert new["spec"] | SCHEDULED == old["spec"] | SCHEDULED
