"""A database proxy in front of an app.

The app starts when the proxy listens: its first connection finds it, without a loop that tries again.

The gate is where this goes wrong by hand. The proxy listens on 127.0.0.1, so that nobody else in the cluster gets
through its tunnel, and the kubelet dials the Pod's address: a TCP probe on port 5432 is refused until the kubelet
restarts the proxy, for ever. The sidecar's own gate asks the proxy's health server, which does listen on the Pod's
address and shows nothing but its health.

Here the database has a private address, and the app reads libpq's variables instead of `DB_HOST` and `DB_PORT`.
`proxy.env(…)` carries its provider: whoever has the variables starts after the proxy, so `uses` is not needed.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import CloudSqlProxySidecar, Container, Deployment, EnvVar, PodSpec


class DatabaseProxy(Chart):
    """One Deployment."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        proxy = CloudSqlProxySidecar(instances=["myproject:us-central1:mydb"], private_ip=True)
        app = Container(
            name="app",
            image="myapp:1.0",
            env=[
                *proxy.env(host="PGHOST", port="PGPORT"),
                EnvVar.secret("PGPASSWORD", secret="orders-database", key="password"),
            ],
        )
        pod = PodSpec(containers=[app], sidecars=[proxy], service_account_name="orders")
        Deployment(self, "orders", name="orders", replicas=2, pod=pod)


if __name__ == "__main__":
    app = App()
    DatabaseProxy(app, "04-database-proxy")
    app.synth()
