"""A nightly CronJob whose gate can fail.

With `concurrency_policy="Forbid"` one Job that hangs keeps all later nights from starting. Two things keep it from
hanging:

* `WaitFor` instead of a probe. A probe that fails has the kubelet restart the proxy, for ever. `WaitFor.tcp` is a
  small init container behind the proxy that fails after `within` seconds: the Pod fails, and the backoff limit
  counts. It reaches 127.0.0.1, so it can wait for the database port itself, here for that of the second instance.
* `active_deadline_seconds` counts everything, the sidecars' shutdown included. When it is over the Pod is deleted,
  which may take one more grace period.

The report reads from the replica. The first instance gets the proxy's `port`, the second the next one;
`proxy.env(instance, …)` gives the right one under libpq's names.

A `pod_failure_policy` should name its container, as here: without, it looks at the sidecars' exit codes too.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import CloudSqlProxySidecar, Container, CronJob, EnvVar, PodSpec, WaitFor

PRIMARY = "myproject:us-central1:ledger"
REPLICA = "myproject:us-central1:ledger-replica"
EXIT_CODE_OF_BAD_DATA = 65


class NightlyReport(Chart):
    """One CronJob."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        proxy = CloudSqlProxySidecar(
            instances=[PRIMARY, REPLICA],
            startup_probe=WaitFor.tcp(port=5433, within=60),
        )
        report = Container(
            name="report",
            image="report:1.0",
            env=[
                *proxy.env(REPLICA, host="PGHOST", port="PGPORT"),
                EnvVar.secret("PGPASSWORD", secret="report-database", key="password"),
            ],
        )
        pod = PodSpec(containers=[report], sidecars=[proxy], service_account_name="report")
        CronJob(
            self,
            "nightly-report",
            name="nightly-report",
            pod=pod,
            schedule="30 2 * * *",
            time_zone="Etc/UTC",
            concurrency_policy="Forbid",
            starting_deadline_seconds=3600,
            backoff_limit=3,
            active_deadline_seconds=7200,
            pod_failure_policy={
                "rules": [
                    {
                        "action": "FailJob",
                        "onExitCodes": {
                            "containerName": "report",
                            "operator": "In",
                            "values": [EXIT_CODE_OF_BAD_DATA],
                        },
                    }
                ]
            },
        )


if __name__ == "__main__":
    app = App()
    NightlyReport(app, "08-nightly-report")
    app.synth()
