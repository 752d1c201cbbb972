"""The article's Job as sidecarlib writes it: it ends seconds after its work does."""

from __future__ import annotations

from sidecarlib import Container, NativeSidecar, PodSpec, Probe, stoppable_shell
from tests.cluster.article import HELPER_AMONG_CONTAINERS, job_without_sidecar, write
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import complete, container_status, terminated
from tests.cluster.kubernetes.job_times import job_times
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

WORK = 10  # seconds
OVERHEAD = 6  # seconds
OVERHEAD_OF_THE_SIDECAR = 3  # seconds


def job_of_ours(name: str, seconds: int) -> list[dict[str, object]]:
    """The article's Job: the same work, the same helper, as a native sidecar with a gate."""
    helper = NativeSidecar(
        name="sidecar",
        image=BUSYBOX,
        command=stoppable_shell("while true; do echo running; sleep 5; done"),
        startup_probe=Probe.exec(["echo", "ready"], within=5),
        stops_within=1,
    )
    main = Container(name="main", image=BUSYBOX, command=["sh", "-c", f"sleep {seconds}; echo processed"])
    return objects("Job", name, PodSpec(containers=[main], sidecars=[helper]))


def test_it_is_done_while_the_traditional_one_still_runs(namespace: Namespace) -> None:
    """The Job completes; the article's traditional one, started before it and done with its work, is still running then."""
    namespace.apply(write(HELPER_AMONG_CONTAINERS))
    traditional = namespace.pod_of("job/traditional")
    namespace.wait(traditional, terminated("main", exit_code=0), within=30)
    namespace.apply(job_of_ours("native", seconds=2))
    namespace.wait("job/native", complete(), within=60)

    status = namespace.get("job/traditional")["status"]
    assert (status["active"], status.get("succeeded", 0), status.get("conditions", [])) == (1, 0, [])
    assert "running" in container_status(namespace.get(traditional), "sidecar")["state"]
    native = namespace.get(namespace.pod_of("job/native"))
    assert container_status(native, "sidecar")["state"]["terminated"]["exitCode"] == 143  # SIGTERM's, and not SIGKILL's


def test_it_needs_few_seconds_more_than_its_work(namespace: Namespace) -> None:
    """Creation, start, gate and stop of the sidecar take at most 6 s beside the work, or 3 s more than a Job without a sidecar needs.

    The quicker of two counts: what else runs on the node can only add to it.
    """
    namespace.record()
    jobs = ("first", "second", "alone")
    for job in jobs:
        namespace.apply(job_without_sidecar(job, WORK) if job == "alone" else job_of_ours(job, WORK))
    for job in jobs:
        namespace.wait(f"job/{job}", complete(), within=WORK + 60)
    times = {job: job_times(namespace, f"job/{job}", "main", WORK) for job in jobs}
    print(times)  # noqa: T201
    quicker = min(times["first"].overhead, times["second"].overhead)
    assert quicker <= max(OVERHEAD, times["alone"].overhead + OVERHEAD_OF_THE_SIDECAR), times
