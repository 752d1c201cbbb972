"""A production app: Vault, then the database proxy, then the collector, then the app.

One description of the Pod, used by a Deployment and by a Job.

* The proxy's credentials are a file that the Vault Agent renders. `vault.file(…)` says so: the proxy mounts the
  file's volume read-only and starts after it is there. Nobody wrote the order down.
* `uses=[proxy, otel]` gives the app `DB_HOST`, `DB_PORT` and the OpenTelemetry variables.
* The configurations of the agent and the collector are ConfigMaps, `<workload>-<sidecar>`. A checksum of them on the
  Deployment's template rolls its Pods when one changes; the Job, whose template cannot change, has none.
* Everything stops the other way round: app, collector, proxy, agent. The collector takes the app's last spans, the
  proxy its last transactions.

The Vault role `production-app` and the secret `secret/data/db`, whose field `key` holds the service account's key,
must be there.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    Deployment,
    Job,
    OtelSidecar,
    PodSpec,
    VaultAgentSidecar,
)


class Production(Chart):
    """A Deployment and a Job of the same Pod."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        vault = VaultAgentSidecar(
            address="https://vault.example.com:8200",
            role="production-app",
            files={"db-credentials": '{{ with secret "secret/data/db" }}{{ .Data.data.key }}{{ end }}'},
        )
        proxy = CloudSqlProxySidecar(
            instances=["myproject:us-central1:mydb"],
            credentials_file=vault.file("db-credentials"),
        )
        otel = OtelSidecar(exporters={"otlp_http": {"endpoint": "https://otel.example.com"}})
        pod = PodSpec(
            containers=[Container(name="app", image="myapp:1.0", uses=[proxy, otel])],
            sidecars=[vault, proxy, otel],
        )
        Deployment(self, "app", name="production-app", replicas=3, pod=pod)
        Job(self, "nightly", name="production-nightly", pod=pod, active_deadline_seconds=3600)


if __name__ == "__main__":
    app = App()
    Production(app, "06-production-app")
    app.synth()
