"""The article's production app as sidecarlib writes it: vault, proxy, collector, app, in this order, and back.

Vault, its agent, the proxy and both collectors are the real programs. The secret holds a key of nobody, which the proxy
reads at its start; no Google answers for it. The app is a shell.
"""

from __future__ import annotations

from itertools import pairwise

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    OtelSidecar,
    PodSpec,
    SecurityContext,
    VaultAgentSidecar,
    stoppable_shell,
)
from tests.cluster.backends.recording_collector import RecordingCollector, send_span
from tests.cluster.backends.service_account_key import service_account_key
from tests.cluster.backends.vault_server import VaultServer
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import container_statuses, running, started
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

POD = "pod/production-app"
SIDECARS = ("vault-agent", "cloud-sql-proxy", "otel-collector")
CREDENTIALS = '{{ with secret "secret/data/db" }}{{ .Data.data.key }}{{ end }}'
WORK = "; ".join(
    (
        'echo | timeout 5 nc "$DB_HOST" "$DB_PORT"',
        send_span("checkout", "$OTEL_EXPORTER_OTLP_ENDPOINT"),
        "trap 'echo app stops; sleep 2; echo app stopped; exit 0' TERM",
        "while true; do sleep 1 & wait $!; done",
    )
)


def production_app(vault_address: str, otel_endpoint: str) -> PodSpec:
    """The Pod of the README: nobody writes down what starts after what."""
    vault = VaultAgentSidecar(address=vault_address, role="production-app", files={"db-credentials": CREDENTIALS})
    proxy = CloudSqlProxySidecar(["myproject:us-central1:mydb"], credentials_file=vault.file("db-credentials"))
    otel = OtelSidecar(exporters={"otlp_http": {"endpoint": otel_endpoint}})
    app = Container(
        name="app",
        image=BUSYBOX,
        command=stoppable_shell(WORK),
        uses=[proxy, otel],
        security_context=SecurityContext.restricted(run_as_user=65534),
    )
    return PodSpec(containers=[app], sidecars=[vault, proxy, otel])


def backends(namespace: Namespace) -> tuple[VaultServer, RecordingCollector]:
    """The Vault that the agent may log in to, and the collector that takes the traces."""
    vault = VaultServer(namespace)
    vault.allow("production-app")
    return vault, RecordingCollector(namespace)


def test_each_starts_when_what_it_needs_is_there(restricted_namespace: Namespace) -> None:
    """The proxy does not run while Vault has no credentials; once it has, all start in order, none is restarted, and all work together."""
    namespace = restricted_namespace
    vault, collector = backends(namespace)
    recorder = namespace.record()
    namespace.apply(objects("Pod", "production-app", production_app(vault.address, collector.http_endpoint)))
    namespace.wait(POD, running("vault-agent"), within=30)
    agent = namespace.follow(POD, "vault-agent")
    agent.line_with("no secret exists", within=30)
    waiting = [status["name"] for status in container_statuses(namespace.get(POD)) if "waiting" in status["state"]]
    assert waiting == ["cloud-sql-proxy", "otel-collector", "app"]

    vault.put("db", {"key": service_account_key()})
    pod = namespace.wait(POD, started("app"), within=60)
    assert [status["restartCount"] for status in container_statuses(pod)] == [0, 0, 0, 0]
    steps = [(what, name) for name in SIDECARS for what in ("running", "started")] + [("running", "app")]
    arrivals = [recorder.at(POD, what, name) for what, name in steps]
    assert arrivals == sorted(arrivals)
    first_lines = [namespace.log_lines(POD, name)[0].at for name in SIDECARS]
    assert first_lines == sorted(first_lines)
    assert agent.line_with("rendered").at < first_lines[1]
    collector.wait_span("checkout")
    assert "Accepted connection from 127.0.0.1" in namespace.logs(POD, "cloud-sql-proxy")


def test_each_stops_when_nobody_needs_it_any_more(restricted_namespace: Namespace) -> None:
    """Deleting the Pod stops the app first, then collector, proxy and vault, each when the one before it has ended; all well before the grace period is over."""
    namespace = restricted_namespace
    vault, collector = backends(namespace)
    vault.put("db", {"key": service_account_key()})
    recorder = namespace.record()
    namespace.apply(objects("Pod", "production-app", production_app(vault.address, collector.http_endpoint)))
    logs = {name: namespace.follow(POD, name) for name in (*SIDECARS, "app")}
    namespace.wait(POD, started("app"), within=60)
    collector.wait_span("checkout")
    namespace.delete(POD)
    namespace.wait_gone(POD, within=40)

    steps = (
        ("app", "app stops"),
        ("app", "app stopped"),
        ("otel-collector", "Received signal from OS"),
        ("otel-collector", "Shutdown complete."),
        ("cloud-sql-proxy", "SIGTERM signal received"),
        ("vault-agent", "Vault Agent shutdown triggered"),
    )
    ends = [(name, text, logs[name].line_with(text).at) for name, text in steps]
    print(*(f"{at:%H:%M:%S.%f} {name}: {text}" for name, text, at in ends), sep="\n")  # noqa: T201
    assert all(before[2] <= after[2] for before, after in pairwise(ends)), ends
    seconds = recorder.at(POD, "gone") - recorder.at(POD, "deleting")
    print(f"gone after {seconds:.1f} s")  # noqa: T201
    assert seconds < 15
