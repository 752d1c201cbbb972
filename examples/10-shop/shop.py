"""A web shop in two environments.

One description of the Pod, and three workloads of it: the web Deployment, the migration Job of the release, the
nightly CronJob. All three run the same image beside the same database proxy and collector, and differ in their
arguments: `pod.replace(containers=…)`.

* Staging and production are two clusters. They differ in what `Environment` lists: database, replicas, host name, and
  the version of Kubernetes, which `set_target` says once for everything in a chart.
* The sidecars are named where they are used, by their containers' names: what `shop(…)` makes goes into any Pod that
  has them.
* The Job is named after the release. Its template cannot be changed once it is there, so each release brings a new
  one. It starts together with the rollout: either a release gets along with the schema before, or the tool that
  applies the files waits for the Job.
* The proxy logs in to the database as the Pod's service account, and so does the shop through it (`auto_iam_authn`):
  there is no password. The collector's token comes out of a Secret.
* Service, Ingress, disruption budget and service account are plain cdk8s. Whatever selects the Pods takes the
  Deployment's own `match_labels`.
* The web container sleeps before it stops, so that the load balancer has time to forget it. That, its last requests
  and the sidecars share one grace period of 60 s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch
from constructs import Construct

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    ContainerPort,
    CronJob,
    Deployment,
    EnvVar,
    Hook,
    Job,
    Lifecycle,
    OtelSidecar,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
    Volume,
    set_target,
)

VERSION = "1.4.0"
DATABASE_USER = "shop"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What differs between two clusters."""

    kubernetes: str
    project: str
    host: str
    replicas: int

    @property
    def database(self) -> str:
        """The connection name of the Cloud SQL instance."""
        return f"{self.project}:europe-west1:shop"

    @property
    def service_account(self) -> str:
        """The Google service account that the Pods act as."""
        return f"shop@{self.project}.iam.gserviceaccount.com"


STAGING = Environment(kubernetes="1.34", project="shop-staging", host="shop.staging.example.com", replicas=1)
PRODUCTION = Environment(kubernetes="1.33", project="shop-production", host="shop.example.com", replicas=4)


class Shop(Chart):
    """The shop in one environment."""

    def __init__(self, scope: Construct, id: str, environment: Environment) -> None:
        super().__init__(scope, id, labels={"app.kubernetes.io/part-of": "shop"})
        set_target(self, environment.kubernetes)
        self.add_account(environment)
        pod = pod_of(environment)
        web = Deployment(self, "web", name="shop-web", replicas=environment.replicas, pod=pod)
        self.add_entrance(web, environment)
        Job(
            self,
            "migrate",
            name=f"shop-migrate-{VERSION.replace('.', '-')}",
            pod=pod.replace(containers=[shop("migrate")]),
            backoff_limit=3,
            active_deadline_seconds=1800,
        )
        CronJob(
            self,
            "remind",
            name="shop-remind",
            pod=pod.replace(containers=[shop("remind", "--abandoned-baskets")]),
            schedule="15 3 * * *",
            time_zone="Europe/Berlin",
            concurrency_policy="Forbid",
            backoff_limit=1,
            active_deadline_seconds=3600,
        )

    def add_account(self, environment: Environment) -> None:
        """The identity of the Pods, bound to a Google service account by Workload Identity."""
        annotations = {"iam.gke.io/gcp-service-account": environment.service_account}
        metadata = ApiObjectMetadata(name="shop", annotations=annotations)
        ApiObject(self, "account", api_version="v1", kind="ServiceAccount", metadata=metadata)

    def add_entrance(self, web: Deployment, environment: Environment) -> None:
        """What brings requests to the web Pods, and keeps some of them there while nodes are drained."""
        self.add_plain(
            "Service",
            "v1",
            {
                "selector": web.match_labels,
                "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
            },
        )
        backend = {"service": {"name": "shop-web", "port": {"name": "http"}}}
        path = {"path": "/", "pathType": "Prefix", "backend": backend}
        self.add_plain(
            "Ingress",
            "networking.k8s.io/v1",
            {"rules": [{"host": environment.host, "http": {"paths": [path]}}]},
        )
        self.add_plain(
            "PodDisruptionBudget",
            "policy/v1",
            {"maxUnavailable": 1, "selector": {"matchLabels": web.match_labels}},
        )

    def add_plain(self, kind: str, api_version: str, spec: Mapping[str, Any]) -> None:
        """An object of plain cdk8s, called shop-web like the Deployment it belongs to."""
        metadata = ApiObjectMetadata(name="shop-web")
        plain = ApiObject(self, kind.lower(), api_version=api_version, kind=kind, metadata=metadata)
        plain.add_json_patch(JsonPatch.add("/spec", spec))


def pod_of(environment: Environment) -> PodSpec:
    """The Pod of all three workloads, as the Deployment runs it."""
    proxy = CloudSqlProxySidecar(instances=[environment.database], private_ip=True, auto_iam_authn=True)
    otel = OtelSidecar(
        exporters={
            "otlp_http": {
                "endpoint": "https://otel.example.com",
                "headers": {"authorization": "Bearer ${env:OTEL_TOKEN}"},
            }
        },
        extra_env=[EnvVar.secret("OTEL_TOKEN", secret="telemetry", key="token")],
    )
    web = shop(
        "serve",
        ports=[ContainerPort(container_port=8080, name="http")],
        readiness_probe=Probe.http("/ready", port="http", period_seconds=5, failure_threshold=3),
        lifecycle=Lifecycle(pre_stop=Hook.sleep(5)),
    )
    return PodSpec(
        containers=[web],
        sidecars=[proxy, otel],
        labels={"app.kubernetes.io/name": "shop", "app.kubernetes.io/version": VERSION},
        service_account_name="shop",
        termination_grace_period_seconds=60,
    )


def shop(*args: str, **fields: Any) -> Container:
    """A container of the shop's image."""
    return Container(
        name="shop",
        image=f"registry.example.com/shop:{VERSION}",
        args=args,
        env={"DB_NAME": "shop", "DB_USER": DATABASE_USER},
        uses=["cloud-sql-proxy", "otel-collector"],
        volume_mounts=[Volume.empty_dir("cache", size_limit="100Mi").mount("/var/cache/shop")],
        resources=Resources(requests={"cpu": "250m", "memory": "256Mi"}, limits={"memory": "512Mi"}),
        security_context=SecurityContext.restricted(run_as_user=10001),
        **fields,
    )


class Staging(Shop):
    """The shop where it is tried out."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, STAGING)


class Production(Shop):
    """The shop where people buy."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, PRODUCTION)


if __name__ == "__main__":
    app = App()
    Staging(app, "10-shop-staging")
    Production(app, "10-shop-production")
    app.synth()
