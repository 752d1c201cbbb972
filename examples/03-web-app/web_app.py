"""A web app with three sidecars of one's own: log collector, metrics exporter, health monitor.

None of them is a product of the catalogue: `NativeSidecar` takes any image. What differs is the gate.

* The **log collector** has to be there before the first line is written. It makes the file and follows it from its first
  line; its gate asks for that file.
* The **metrics exporter** answers HTTP, so its gate asks for its own page. The kubelet asks at the Pod's address, never at
  127.0.0.1: a server that listens on loopback alone would never pass.
* The **health monitor** watches the app, and the app starts after it. A gate that asked for the app would wait for ever,
  so it has none, and says why: the reason becomes an annotation of the Deployment.

The app mounts a volume that the log collector fills (`provided_by`), which puts it behind the collector without a word
about order; the other two are named in `after`. When a Pod stops, the app goes first and the log collector last, so
that the last lines are read as well.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import (
    Container,
    ContainerPort,
    Deployment,
    NativeSidecar,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
    Volume,
    stoppable_shell,
)

IMAGE = "busybox:1.36"
NOBODY = SecurityContext.restricted(run_as_user=65534, run_as_group=65534)
SMALL = Resources(requests={"cpu": "10m", "memory": "16Mi"}, limits={"memory": "32Mi"})

LOGS = Volume.empty_dir("logs", size_limit="50Mi")
PAGES = Volume.empty_dir("pages", size_limit="1Mi")
METRICS = Volume.empty_dir("metrics", size_limit="1Mi")

SERVE = """\
echo "<h1>It works</h1>" > /pages/index.html
while true; do
  httpd -f -v -p 8080 -h /pages 2>> /logs/access.log
  sleep 1
done
"""

COLLECT = """\
touch /logs/access.log
tail -n +1 -F /logs/access.log
"""

EXPORT = """\
httpd -p 9100 -h /metrics
while true; do
  read -r load _ < /proc/loadavg
  printf '# TYPE node_load1 gauge\\nnode_load1 %s\\n' "$load" > /metrics/new
  mv /metrics/new /metrics/metrics
  sleep 15
done
"""

WATCH = """\
while true; do
  sleep 10
  wget -q -T 2 -O /dev/null http://127.0.0.1:8080/ && echo up || echo down
done
"""


class WebApp(Chart):
    """One Deployment."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        logs = LOGS.provided_by("log-collector")
        collector = NativeSidecar(
            name="log-collector",
            image=IMAGE,
            command=stoppable_shell(COLLECT),
            startup_probe=Probe.exec(["test", "-e", "/logs/access.log"], within=30),
            stops_within=1,
            volume_mounts=[logs.mount("/logs")],
            resources=SMALL,
            security_context=NOBODY,
        )
        exporter = NativeSidecar(
            name="metrics-exporter",
            image=IMAGE,
            command=stoppable_shell(EXPORT),
            ports=[ContainerPort(container_port=9100, name="metrics")],
            startup_probe=Probe.http("/metrics", port="metrics", within=30),
            stops_within=1,
            volume_mounts=[METRICS.mount("/metrics")],
            resources=SMALL,
            security_context=NOBODY,
        )
        monitor = NativeSidecar(
            name="health-monitor",
            image=IMAGE,
            command=stoppable_shell(WATCH),
            startup_probe=Probe.none(because="it watches the app, which starts after it"),
            stops_within=1,
            resources=SMALL,
            security_context=NOBODY,
        )
        app = Container(
            name="app",
            image=IMAGE,
            command=stoppable_shell(SERVE),
            ports=[ContainerPort(container_port=8080, name="http")],
            readiness_probe=Probe.http("/", port="http", period_seconds=5, failure_threshold=3),
            volume_mounts=[PAGES.mount("/pages"), logs.mount("/logs")],
            resources=SMALL,
            security_context=NOBODY,
        )
        pod = PodSpec(containers=[app], sidecars=[collector, exporter, monitor])
        Deployment(self, "web-app", name="web-app", replicas=2, pod=pod)


if __name__ == "__main__":
    app = App()
    WebApp(app, "03-web-app")
    app.synth()
