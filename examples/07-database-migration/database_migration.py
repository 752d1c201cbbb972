"""A database migration that runs through the proxy before the app starts.

An init container that uses nothing runs before every sidecar, and a migration there finds no proxy. This one uses the
proxy, so it runs directly behind it: proxy, migration, collector, app. A migration that fails is tried again, and the
app does not start before it has succeeded.

It runs in each Pod of each rollout. The tool must take a lock, since two replicas start at the same time, and do
nothing where there is nothing to do. Where that is not wanted, make the migration a Job of its own, as the last
example does.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    Deployment,
    EnvVar,
    InitContainer,
    OtelSidecar,
    PodSpec,
)


class DatabaseMigration(Chart):
    """One Deployment."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        proxy = CloudSqlProxySidecar(instances=["myproject:us-central1:mydb"])
        otel = OtelSidecar(exporters={"otlp_http": {"endpoint": "https://otel.example.com"}})
        password = EnvVar.secret("DB_PASSWORD", secret="invoices-database", key="password")
        pod = PodSpec(
            init_containers=[
                InitContainer(name="migrate", image="invoices:1.0", args=["migrate"], env=[password], uses=[proxy]),
            ],
            sidecars=[proxy, otel],
            containers=[
                Container(name="app", image="invoices:1.0", args=["serve"], env=[password], uses=[proxy, otel]),
            ],
            service_account_name="invoices",
        )
        Deployment(self, "invoices", name="invoices", replicas=2, pod=pod)


if __name__ == "__main__":
    app = App()
    DatabaseMigration(app, "07-database-migration")
    app.synth()
