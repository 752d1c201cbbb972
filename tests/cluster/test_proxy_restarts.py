"""A proxy that dies while the Pod starts is started again, and the Job is done all the same.

The proxy is the real one. Its credentials come from a busybox that stands in for a provider without a gate: they are late, so that the
first proxy ends with exit code 1.
"""

from __future__ import annotations

from sidecarlib import CloudSqlProxySidecar, Container, NativeSidecar, PodSpec, Probe, Volume, stoppable_shell
from tests.cluster.backends.service_account_key import service_account_key
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import complete, container_status
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

LATE = 2  # seconds
SECRETS = Volume.empty_dir("secrets")
CONNECT = 'echo | timeout 5 nc "$DB_HOST" "$DB_PORT"; echo processed'


def late_provider(key: str) -> NativeSidecar:
    """It writes the key after a while, and nobody waits for it."""
    return NativeSidecar(
        name="provider",
        image=BUSYBOX,
        command=stoppable_shell(
            f'sleep {LATE}; echo "$KEY" >/secrets/new; mv /secrets/new /secrets/key.json; sleep 3600'
        ),
        env={"KEY": key},
        volume_mounts=[SECRETS.mount("/secrets")],
        startup_probe=Probe.none(because="it stands in for a provider whose gate is missing"),
        stops_within=1,
    )


def test_a_job_whose_proxy_restarts_during_its_start_completes(namespace: Namespace) -> None:
    """The first proxy finds no credentials and dies before the work began; the Job completes with its first Pod, the work done once."""
    proxy = CloudSqlProxySidecar(
        ["myproject:us-central1:mydb"],
        credentials_file="/secrets/key.json",
        volume_mounts=[SECRETS.mount("/secrets", read_only=True)],
    )
    main = Container(name="main", image=BUSYBOX, command=["sh", "-c", CONNECT], uses=[proxy])
    pod = PodSpec(containers=[main], sidecars=[late_provider(service_account_key()), proxy])
    namespace.apply(objects("Job", "work", pod, backoff_limit=0))
    job = namespace.wait("job/work", complete(), within=90)

    found = namespace.get(namespace.pod_of("job/work"))
    status = container_status(found, "cloud-sql-proxy")
    print(f"{status['restartCount']} restarts")  # noqa: T201
    assert status["restartCount"] >= 1
    assert container_status(found, "main")["restartCount"] == 0
    assert (job["status"]["succeeded"], job["status"].get("failed", 0)) == (1, 0)
    assert "processed" in namespace.logs(f"pod/{found['metadata']['name']}", "main")
