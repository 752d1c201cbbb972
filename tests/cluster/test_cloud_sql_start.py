"""An app behind the real Cloud SQL proxy starts seconds after its Pod, where the article's never does (`test_article_startup.py`).

The key in the Secret is of nobody: the proxy reads it at its start and listens, no Google answers for it.
"""

from __future__ import annotations

from sidecarlib import CloudSqlProxySidecar, Container, PodSpec, Volume
from tests.cluster.backends.service_account_key import service_account_key
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import container_status, phase
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

START = 4  # seconds
START_OF_THE_PROXY = 3  # seconds
CONNECT = 'echo | timeout 5 nc "$DB_HOST" "$DB_PORT"; echo "connected to $DB_HOST $DB_PORT"'


def test_the_app_starts_seconds_after_the_pod(namespace: Namespace) -> None:
    """From the Pod's creation to the app it takes at most 4 s, or 3 s more than without the proxy, which listens by then."""
    namespace.apply(
        [
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "credentials"},
                "stringData": {"key.json": service_account_key()},
            }
        ]
    )
    credentials = Volume.secret("credentials", secret="credentials")
    proxy = CloudSqlProxySidecar(
        ["myproject:us-central1:mydb"],
        credentials_file="/credentials/key.json",
        volume_mounts=[credentials.mount("/credentials", read_only=True)],
    )
    app = Container(name="app", image=BUSYBOX, command=["sh", "-c", CONNECT], uses=[proxy])
    alone = Container(name="app", image=BUSYBOX, command=["true"])
    recorder = namespace.record()
    namespace.apply(objects("Pod", "ours", PodSpec(containers=[app], sidecars=[proxy])))
    namespace.apply(objects("Pod", "alone", PodSpec(containers=[alone])))
    for pod in ("pod/ours", "pod/alone"):
        namespace.wait(pod, phase("Succeeded"), within=60)

    seconds = {
        pod: recorder.at(f"pod/{pod}", "running", "app") - recorder.at(f"pod/{pod}", "created")
        for pod in ("ours", "alone")
    }
    print(seconds)  # noqa: T201
    assert seconds["ours"] <= max(START, seconds["alone"] + START_OF_THE_PROXY)
    assert container_status(namespace.get("pod/ours"), "cloud-sql-proxy")["restartCount"] == 0
    assert "connected to 127.0.0.1 5432" in namespace.logs("pod/ours", "app")
    log = namespace.logs("pod/ours", "cloud-sql-proxy")
    assert "Accepted connection from 127.0.0.1" in log
    assert log.index("ready for new connections") < log.index("Accepted connection")
