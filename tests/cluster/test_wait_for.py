"""`WaitFor` stands between a sidecar and whoever follows: it passes when the sidecar serves, and fails the Job when it never does.

The sidecars are busybox programs that listen on the Pod's loopback alone, where no probe of the kubelet reaches them.
"""

from __future__ import annotations

import pytest

from sidecarlib import Container, NativeSidecar, PodSpec, Volume, WaitFor, stoppable_shell
from tests.cluster.article import job_without_sidecar
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import complete, container_status, failed, phase
from tests.cluster.kubernetes.job_times import job_times
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

DEADLINE = 10  # seconds
DELAY = 3  # seconds
SHARED = Volume.empty_dir("shared")
STEPS = ("listening", "somebody came")
HTTP_SERVER = "mkdir /tmp/site; httpd -p 127.0.0.1:8099 -h /tmp/site; "


def pod_behind(gate: WaitFor, script: str, app: str = "echo started") -> PodSpec:
    """An app behind a sidecar that runs `script`, and its gate."""
    sidecar = NativeSidecar(
        name="sidecar",
        image=BUSYBOX,
        command=stoppable_shell(script),
        startup_probe=gate,
        volume_mounts=[SHARED.mount("/shared")],
        stops_within=1,
    )
    return PodSpec(containers=[Container(name="app", image=BUSYBOX, command=["sh", "-c", app])], sidecars=[sidecar])


def test_behind_a_sidecar_that_never_comes_up_the_job_fails_in_time(namespace: Namespace) -> None:
    """With `backoff_limit=0` the Job is Failed within the deadline and 5 s, or as much as an empty Job needs; the work never began."""
    namespace.record()
    never = pod_behind(WaitFor.tcp(port=8099, within=DEADLINE), "sleep 3600", app="echo worked")
    namespace.apply(objects("Job", "never", never, backoff_limit=0))
    namespace.apply(job_without_sidecar("empty", 0))
    namespace.wait("job/never", failed(), within=DEADLINE + 60)
    namespace.wait("job/empty", complete(), within=60)

    recorder = namespace.record()
    seconds = recorder.at("job/never", "Failed") - recorder.at("job/never", "created")
    empty = job_times(namespace, "job/empty", "main", 0).overhead
    print(f"failed after {seconds:.1f} s, the empty Job took {empty:.1f} s")  # noqa: T201
    assert DEADLINE <= seconds <= DEADLINE + max(5, empty + 2)
    pod = namespace.get(namespace.pod_of("job/never"))
    name = f"pod/{pod['metadata']['name']}"
    assert container_status(pod, "app")["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert container_status(pod, "sidecar-gate")["state"]["terminated"]["exitCode"] == 1
    assert namespace.logs(name, "sidecar-gate") == f"gave up after {DEADLINE} s: no listener on port 8099\n"


@pytest.mark.parametrize(
    ("gate", "script"),
    [
        pytest.param(WaitFor.tcp(port=8099), "; ".join((f"sleep {DELAY}", "date +%s", HTTP_SERVER)), id="tcp"),
        pytest.param(
            WaitFor.http("/up", port=8099), f"{HTTP_SERVER} sleep {DELAY}; date +%s; echo >/tmp/site/up;", id="http"
        ),
        pytest.param(
            WaitFor.file("/shared/up", mount=SHARED.mount("/shared", read_only=True)),
            f"sleep {DELAY}; date +%s; touch /shared/up;",
            id="file",
        ),
    ],
)
def test_the_app_starts_once_the_sidecar_serves(namespace: Namespace, gate: WaitFor, script: str) -> None:
    """It starts within seconds after the sidecar listens on loopback, answers with success there, or has written its file: not before."""
    namespace.apply(objects("Pod", "app", pod_behind(gate, f"{script} sleep 3600", app="date +%s")))
    namespace.wait("pod/app", phase("Succeeded"), within=60)
    served, started = (int(namespace.logs("pod/app", container).split()[0]) for container in ("sidecar", "app"))
    assert 0 <= started - served <= 4
    assert container_status(namespace.get("pod/app"), "sidecar")["restartCount"] == 0


def test_the_tcp_gate_opens_no_connection(namespace: Namespace) -> None:
    """A listener that ends with its first connection is still there for the app: the gate has only looked."""
    listener = f"sleep {DELAY}; echo {STEPS[0]}; nc -l -p 8099; echo {STEPS[1]}; sleep 3600"
    app = "sleep 2; echo dialling; echo | timeout 5 nc 127.0.0.1 8099; sleep 2"
    namespace.apply(objects("Pod", "app", pod_behind(WaitFor.tcp(port=8099), listener, app)))
    namespace.wait("pod/app", phase("Succeeded"), within=60)
    ready, visit = [line for line in namespace.log_lines("pod/app", "sidecar") if line.text in STEPS]
    (dialling,) = namespace.log_lines("pod/app", "app")
    assert ready.at < dialling.at <= visit.at
