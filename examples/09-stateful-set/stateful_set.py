"""A StatefulSet with a sidecar on its volume.

Each Pod has a claim of its own: `VolumeClaimTemplate.mount` gives it to the store for writing and to the shipper for
reading. The shipper is a native sidecar, so it stops after the store and sees the last segment that the store writes
on its way out. Both share one grace period of 60 s: `stops_within` says that the shipper may need 30 of them, and the
library warns when the sidecars' times do not fit.

The gate is on purpose: a store whose backup cannot start should not take writes.

The headless Service, which gives the Pods their names, is plain cdk8s. Its selector is the StatefulSet's own
`match_labels`.
"""

from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch
from constructs import Construct

from sidecarlib import (
    Container,
    ContainerPort,
    EnvVar,
    NativeSidecar,
    PodSecurityContext,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
    StatefulSet,
    VolumeClaimTemplate,
)

USER = 10001


class StatefulStore(Chart):
    """A StatefulSet and its headless Service."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        data = VolumeClaimTemplate(name="data", storage="20Gi")
        store = Container(
            name="store",
            image="ledger:3.2",
            args=["--data=/data", "--listen=0.0.0.0:7000"],
            ports=[ContainerPort(container_port=7000, name="store")],
            readiness_probe=Probe.tcp(port="store", period_seconds=5, failure_threshold=3),
            volume_mounts=[data.mount("/data")],
            resources=Resources(requests={"cpu": "500m", "memory": "1Gi"}, limits={"memory": "1Gi"}),
            security_context=SecurityContext.restricted(run_as_user=USER),
        )
        shipper = NativeSidecar(
            name="segment-shipper",
            image="ledger-shipper:3.2",
            args=["--from=/data/segments", "--to=gs://ledger-backup", "--listen=0.0.0.0:7001"],
            env=[EnvVar.field("POD_NAME", "metadata.name")],
            ports=[ContainerPort(container_port=7001, name="shipper")],
            startup_probe=Probe.http("/ready", port="shipper", within=60),
            stops_within=30,
            volume_mounts=[data.mount("/data", read_only=True)],
            resources=Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "128Mi"}),
            security_context=SecurityContext.restricted(run_as_user=USER),
        )
        pod = PodSpec(
            containers=[store],
            sidecars=[shipper],
            termination_grace_period_seconds=60,
            security_context=PodSecurityContext(fs_group=USER, fs_group_change_policy="OnRootMismatch"),
        )
        ledger = StatefulSet(
            self,
            "ledger",
            name="ledger",
            replicas=3,
            service_name="ledger",
            volume_claim_templates=[data],
            pod=pod,
        )
        metadata = ApiObjectMetadata(name="ledger")
        service = ApiObject(self, "service", api_version="v1", kind="Service", metadata=metadata)
        service.add_json_patch(
            JsonPatch.add(
                "/spec",
                {
                    "clusterIP": "None",
                    "selector": ledger.match_labels,
                    "ports": [{"name": "store", "port": 7000, "targetPort": "store"}],
                },
            )
        )


if __name__ == "__main__":
    app = App()
    StatefulStore(app, "09-stateful-set")
    app.synth()
