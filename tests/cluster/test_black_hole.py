"""A tracing backend that hangs does not hold up the Job whose collector sends to it.

The collectors are the real program. The backend accepts every connection and never answers.
"""

from __future__ import annotations

from sidecarlib import Container, OtelSidecar, PodSpec
from tests.cluster.article import job_without_sidecar
from tests.cluster.backends.recording_collector import send_span
from tests.cluster.backends.silent_backend import start_silent_backend
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import complete
from tests.cluster.kubernetes.job_times import job_times
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

WORK = 3  # seconds
AFTER_WORK = 6  # seconds
STOP_OF_THE_COLLECTOR = 4  # seconds


def test_a_job_ends_seconds_after_its_work_although_the_backend_is_silent(namespace: Namespace) -> None:
    """It is complete at most 6 s after its work, or 4 s later than a Job without a collector, whatever could not be sent."""
    backend = start_silent_backend(namespace)
    otel = OtelSidecar(exporters={"otlp_http": {"endpoint": f"http://{backend}:4318"}})
    send = send_span("lost", "$OTEL_EXPORTER_OTLP_ENDPOINT")
    main = Container(name="main", image=BUSYBOX, command=["sh", "-c", f"{send} && sleep {WORK} && {send}"], uses=[otel])
    namespace.record()
    namespace.apply(objects("Job", "traced", PodSpec(containers=[main], sidecars=[otel])))
    namespace.apply(job_without_sidecar("alone", WORK))
    for job in ("traced", "alone"):
        namespace.wait(f"job/{job}", complete(), within=90)

    pod = namespace.pod_of("job/traced")
    assert "sent lost" in namespace.logs(pod, "main")
    assert "Dropping data" in namespace.logs(pod, "otel-collector")
    traced, alone = (job_times(namespace, f"job/{job}", "main", WORK) for job in ("traced", "alone"))
    print(f"traced {traced}, alone {alone}")  # noqa: T201
    assert traced.after_work <= max(AFTER_WORK, alone.after_work + STOP_OF_THE_COLLECTOR)
