"""What becomes of the article's Jobs as they are written by hand: what sidecarlib's are measured against.

The manifests keep what the outcome depends on (where the helper is listed, its shell, its probe) and change the rest.
The main program is a shell that sleeps, in place of the article's data processor.
"""

from __future__ import annotations

from tests.cluster.article import HELPER_AMONG_CONTAINERS, job_without_sidecar, write
from tests.cluster.kubernetes.conditions import complete, container_status, terminated
from tests.cluster.kubernetes.job_times import job_times
from tests.cluster.kubernetes.namespace import Namespace

GRACE = 30  # seconds: what Kubernetes gives where the manifest says nothing
WORK = 10  # seconds

HELPER_AS_NATIVE_SIDECAR = """
apiVersion: batch/v1
kind: Job
metadata: {name: native}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
      - name: sidecar
        image: $busybox
        restartPolicy: Always
        command: [sh, -c, "$command"]
        startupProbe: {exec: {command: [echo, ready]}, initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 5}
      containers:
      - {name: main, image: $busybox, command: [sh, -c, "sleep $seconds; echo processed"]}
"""

DEAF = "while true; do echo running; sleep 5; done"
OBEDIENT = "trap 'exit 0' TERM; while true; do echo running; sleep 5 & wait $!; done"


def test_a_job_with_its_helper_among_the_containers_outlives_its_work(namespace: Namespace) -> None:
    """The helper keeps the Job running after the work is done, for longer than the same Job with a native sidecar takes in all."""
    namespace.apply(write(HELPER_AMONG_CONTAINERS))
    pod = namespace.pod_of("job/traditional")
    namespace.wait(pod, terminated("main", exit_code=0), within=30)

    namespace.apply(write(HELPER_AS_NATIVE_SIDECAR, command=OBEDIENT, seconds=2))
    namespace.wait("job/native", complete(), within=60)

    job = namespace.get("job/traditional")
    assert (job["status"]["active"], job["status"].get("succeeded", 0)) == (1, 0)
    assert not job["status"].get("conditions")
    assert "running" in container_status(namespace.get(pod), "sidecar")["state"]


def test_a_native_sidecar_that_is_deaf_to_sigterm_holds_its_job_for_the_grace_period(namespace: Namespace) -> None:
    """The article's own native Job completes a whole grace period (and some) after its work; without the sidecar it is over at once.

    The article shows 46 s for 10 s of work: 10 + 30, and what starting and completing take.
    """
    namespace.record()
    namespace.apply(write(HELPER_AS_NATIVE_SIDECAR, command=DEAF, seconds=WORK))
    namespace.apply(job_without_sidecar("alone", WORK))
    namespace.wait("job/native", complete(), within=WORK + GRACE + 60)
    namespace.wait("job/alone", complete(), within=30)

    native, alone = (job_times(namespace, job, "main", WORK) for job in ("job/native", "job/alone"))
    assert native.after_work >= GRACE, native
    assert native.after_work >= alone.after_work + GRACE - 2, (native, alone)
    sidecar = container_status(namespace.get(namespace.pod_of("job/native")), "sidecar")
    assert sidecar["state"]["terminated"]["exitCode"] == 137
