"""A data-processing Job with a database proxy.

Beside the processor in `containers`, the proxy would run on when the work is done, and the Job would stay at 0/1 for
ever. As a native sidecar it starts first, is there when the processor connects, and ends with it.

`uses=[proxy]` is all that the processor says: it gives it `DB_HOST` and `DB_PORT`. The proxy's gate, its restart
policy, its resources and its security settings are its own defaults. It logs in as the Pod's service account (on GKE
with Workload Identity), so nothing secret is in the manifest.

A sidecar that never comes up would keep the Job waiting: `active_deadline_seconds` bounds that.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import CloudSqlProxySidecar, Container, Job, PodSpec


class DataProcessingJob(Chart):
    """One Job."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        proxy = CloudSqlProxySidecar(instances=["myproject:us-central1:mydb"])
        pod = PodSpec(
            containers=[Container(name="processor", image="data-processor:1.0", uses=[proxy])],
            sidecars=[proxy],
            service_account_name="data-processing",
        )
        Job(self, "data-processing", name="data-processing", pod=pod, backoff_limit=2, active_deadline_seconds=3600)


if __name__ == "__main__":
    app = App()
    DataProcessingJob(app, "01-data-processing-job")
    app.synth()
