"""One thing that sidecarlib refuses, beside the same thing as a plain manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sidecarlib import Container, InitContainer, NativeSidecar, PodSpec, Probe
from tests.cluster.rendering import objects

IMAGE = "busybox:1.36"
NEWEST = "1.37"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`ours` makes the value in Python; `theirs` is the manifest; `because` tells why a policy refuses it all the same."""

    name: str
    ours: Callable[[], object]
    theirs: Json
    because: str = ""


def main(**fields: Any) -> Callable[[], PodSpec]:
    """A Pod whose only container has these fields."""
    return lambda: PodSpec(containers=[Container(**{"name": "main", "image": IMAGE, **fields})])


def sidecar(**fields: Any) -> Callable[[], PodSpec]:
    """A Pod with a sidecar that has these fields."""
    whole = {"name": "sidecar", "image": IMAGE, "startup_probe": Probe.exec(["true"]), **fields}
    return lambda: PodSpec(containers=[Container(name="main", image=IMAGE)], sidecars=[NativeSidecar(**whole)])


def init(**fields: Any) -> Callable[[], PodSpec]:
    """A Pod with an init container that has these fields."""
    whole = {"name": "init", "image": IMAGE, **fields}
    return lambda: PodSpec(containers=[Container(name="main", image=IMAGE)], init_containers=[InitContainer(**whole)])


def pod(**fields: Any) -> Callable[[], PodSpec]:
    """A Pod with these fields."""
    return lambda: PodSpec(**{"containers": [Container(name="main", image=IMAGE)], **fields})


def for_this_server(pod: Callable[[], PodSpec]) -> Callable[[], object]:
    """The Pod rendered for the newest Kubernetes that the rules know of, for what older ones take."""
    return lambda: pod().render("web", kind="Pod", kubernetes=NEWEST)


PLAIN = pod()


def workload(kind: str, of: Callable[[], PodSpec] = PLAIN, *, name: str = "web", **fields: Any) -> Callable[[], object]:
    """A workload of a kind with these fields."""
    given = {"schedule": "@daily"} if kind == "CronJob" else {}
    return lambda: objects(kind, name, of(), **{**given, **fields})


def raw_container(name: str = "main", **fields: Any) -> Json:
    """A container."""
    return {"name": name, "image": IMAGE, **fields}


def raw_pod(**spec: Any) -> Json:
    """A Pod."""
    whole = {"restartPolicy": "Never", "containers": [raw_container()], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": whole}


def raw_main(**fields: Any) -> Json:
    """A Pod whose only container has these fields."""
    return raw_pod(containers=[raw_container(**fields)])


def raw_init(**fields: Any) -> Json:
    """A Pod with an init container that has these fields."""
    return raw_pod(initContainers=[raw_container("init", **fields)])


def raw_sidecar(**fields: Any) -> Json:
    """A Pod with a native sidecar that has these fields."""
    return raw_pod(initContainers=[{**raw_container("sidecar", restartPolicy="Always"), **fields}])


def raw_volume(name: str = "v", /, **source: Any) -> Json:
    """A Pod with this volume."""
    return raw_pod(volumes=[{"name": name, **source}])


def raw_mounts(*mounts: Json) -> Json:
    """A Pod that mounts an emptyDir `v` in these ways."""
    return raw_pod(volumes=[{"name": "v", "emptyDir": {}}], containers=[raw_container(volumeMounts=list(mounts))])


def raw_workload(kind: str, *, name: str = "web", template: Json | None = None, **spec: Any) -> Json:
    """A workload around a Pod; the Pod's restart policy is what the kind takes."""
    template = raw_pod()["spec"] if template is None else template
    labels = {"app": "web"}
    if kind in {"Deployment", "StatefulSet", "DaemonSet"}:
        template = {**template, "restartPolicy": template.get("restartPolicy", "").replace("Never", "Always")}
        inner = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": template}}
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": {**inner, **spec}}
    if kind == "CronJob":
        whole = {"schedule": "@daily", "jobTemplate": {"spec": {"template": {"spec": template}}}, **spec}
    else:
        whole = {"template": {"spec": template}, **spec}
    return {"apiVersion": "batch/v1", "kind": kind, "metadata": {"name": name}, "spec": whole}
