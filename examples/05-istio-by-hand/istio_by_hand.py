"""The istio-init and istio-proxy pair, written by hand.

A plain init container that redirects the Pod's traffic, then a native sidecar that carries it, then the app: the
shape that Istio gives to a Pod in its mesh, and a look at how `InitContainer` and `NativeSidecar` go together. **For
a real mesh let Istio's injector write it:** the API server accepts this Pod, but its proxy cannot come up.

What the injector adds, and this page leaves out:

* the proxy's identity and its way to istiod: about ten volumes with a token for istiod, the mesh's root certificate,
  sockets and the Pod's labels, and the mesh's configuration in environment variables. Without them the proxy gets no
  certificate;
* the order: it puts `istio-init` and `istio-proxy` in front of all other init containers and sidecars, so that those
  run inside the mesh. Here `istio-init` comes first because an init container that uses nothing always does;
* the rewriting of HTTP, TCP and gRPC probes, those of sidecars too, so that the kubelet reaches them through the
  proxy;
* the image of the control plane's own version.

Istio runs its proxy as a native sidecar by default since 1.27, where all nodes run Kubernetes 1.33 or newer. The
annotation `sidecar.istio.io/nativeSidecar` turns that on or off for one Pod; the label
`sidecar.istio.io/inject: "false"` keeps the injector away from this one.

`istio-init` changes the Pod's network rules, for which it needs root, NET_ADMIN and NET_RAW: namespaces that enforce
the `baseline` or `restricted` Pod Security Standard refuse such a Pod. With Istio's CNI plugin the node does that
work, and the Pod needs neither.

Two settings of the proxy are worth a look. Its probe asks every second: Kubernetes' own default of 10 s would hold
the app back for up to 10 s. Its `preStop` hook only *begins* to drain: hooks of sidecars run the moment a Pod is
deleted, while the app still works, so one that ended the proxy would cut the app off.
"""

from cdk8s import App, Chart
from constructs import Construct

from sidecarlib import (
    Container,
    ContainerPort,
    Deployment,
    EnvVar,
    Hook,
    InitContainer,
    Lifecycle,
    NativeSidecar,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
)

IMAGE = "docker.io/istio/proxyv2:1.27.0"
PROXY_USER = 1337


class IstioByHand(Chart):
    """One Deployment."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        redirect = InitContainer(
            name="istio-init",
            image=IMAGE,
            args=[
                *("istio-iptables", "-p", "15001", "-z", "15006", "-u", str(PROXY_USER), "-m", "REDIRECT"),
                *("-i", "*", "-x", "", "-b", "*", "-d", "15090,15021,15020"),
            ],
            resources=Resources(requests={"cpu": "10m", "memory": "40Mi"}, limits={"memory": "1Gi"}),
            security_context=SecurityContext(
                run_as_user=0,
                run_as_group=0,
                run_as_non_root=False,
                allow_privilege_escalation=False,
                capabilities_add=["NET_ADMIN", "NET_RAW"],
                capabilities_drop=["ALL"],
            ),
        )
        proxy = NativeSidecar(
            name="istio-proxy",
            image=IMAGE,
            args=["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
            env=[EnvVar.field("POD_NAMESPACE", "metadata.namespace")],
            ports=[
                ContainerPort(container_port=15021, name="status"),
                ContainerPort(container_port=15090, name="http-envoy-prom"),
            ],
            startup_probe=Probe.http("/healthz/ready", port="status", within=600, timeout_seconds=3),
            lifecycle=Lifecycle(
                pre_stop=Hook.exec(["pilot-agent", "request", "--debug-port=15020", "POST", "drain"]),
            ),
            stops_within=6,  # it drains for 5 s where the hook could not run
            resources=Resources(requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "1Gi"}),
            security_context=SecurityContext.restricted(run_as_user=PROXY_USER, run_as_group=PROXY_USER),
        )
        pod = PodSpec(
            labels={"sidecar.istio.io/inject": "false"},
            init_containers=[redirect],
            sidecars=[proxy],
            containers=[Container(name="app", image="myapp:1.0")],
        )
        Deployment(self, "app", name="mesh-app", pod=pod)


if __name__ == "__main__":
    app = App()
    IstioByHand(app, "05-istio-by-hand")
    app.synth()
