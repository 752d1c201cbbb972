"""A web app with three sidecars of one's own.

A log collector, a metrics exporter and a health monitor: none is a product of the catalogue, `NativeSidecar` takes
any image. Each has a gate of its own kind.

* The **log collector** must be there before the first line is written. It makes the file and follows it from its
  first line; its gate asks for that file.
* The **metrics exporter** answers HTTP, so its gate asks for its own page. The kubelet asks at the Pod's address: a
  server that listens on 127.0.0.1 alone would never pass.
* The **health monitor** watches the app, and the app starts after it. A gate that asked for the app would wait for
  ever, so it has none and says why. The reason becomes an annotation of the Deployment.

Sidecars start in the order written and stop in the opposite one, after the app: the log collector is first and last,
so it reads every line. Everything runs with `busybox:1.36`, so it can be tried on any cluster:

    kubectl apply -f dist/03-web-app.k8s.yaml
    kubectl get pods --watch
"""

from typing import Any

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

COLLECT = """\
touch /logs/access.log
tail -n +1 -F /logs/access.log
"""

EXPORT = """\
httpd -p 9100 -h /metrics
while true; do
  printf '# TYPE log_bytes gauge\\nlog_bytes %s\\n' "$(stat -c %s /logs/access.log)" > /metrics/new
  mv /metrics/new /metrics/metrics
  sleep 15
done
"""

WATCH = """\
while true; do
  sleep 10
  timeout 2 wget -q -O /dev/null http://127.0.0.1:8080/ && echo up || echo down
done
"""

SERVE = """\
echo "<h1>It works</h1>" > /pages/index.html
httpd -f -v -p 8080 -h /pages 2>> /logs/access.log
"""


class WebApp(Chart):
    """One Deployment."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        logs = Volume.empty_dir("logs", size_limit="50Mi")
        metrics = Volume.empty_dir("metrics", size_limit="1Mi")
        pages = Volume.empty_dir("pages", size_limit="1Mi")
        collector = NativeSidecar(
            **busybox("log-collector", COLLECT),
            startup_probe=Probe.exec(["test", "-e", "/logs/access.log"], within=30),
            volume_mounts=[logs.mount("/logs")],
            stops_within=1,
        )
        exporter = NativeSidecar(
            **busybox("metrics-exporter", EXPORT),
            ports=[ContainerPort(container_port=9100, name="metrics")],
            startup_probe=Probe.http("/metrics", port="metrics", within=30),
            volume_mounts=[logs.mount("/logs", read_only=True), metrics.mount("/metrics")],
            stops_within=1,
        )
        monitor = NativeSidecar(
            **busybox("health-monitor", WATCH),
            startup_probe=Probe.none(because="it watches the app, which starts after it"),
            stops_within=1,
        )
        app = Container(
            **busybox("app", SERVE),
            ports=[ContainerPort(container_port=8080, name="http")],
            readiness_probe=Probe.http("/", port="http", period_seconds=5, failure_threshold=3),
            volume_mounts=[pages.mount("/pages"), logs.mount("/logs")],
        )
        pod = PodSpec(containers=[app], sidecars=[collector, exporter, monitor])
        Deployment(self, "web-app", name="web-app", replicas=2, pod=pod)


def busybox(name: str, script: str) -> dict[str, Any]:
    """What the four containers have in common."""
    return {
        "name": name,
        "image": "busybox:1.36",
        "command": stoppable_shell(script),
        "resources": Resources(requests={"cpu": "10m", "memory": "16Mi"}, limits={"memory": "32Mi"}),
        "security_context": SecurityContext.restricted(run_as_user=65534, run_as_group=65534),
    }


if __name__ == "__main__":
    app = App()
    WebApp(app, "03-web-app")
    app.synth()
