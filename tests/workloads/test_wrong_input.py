"""Mistakes of users: each is one clear error at their own line, with every problem in it, and nothing is made."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, cast

import cdk8s
import pytest
from cdk8s import Chart

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    ContainerPort,
    CronJob,
    Deployment,
    EnvVar,
    Hook,
    InitContainer,
    Job,
    Lifecycle,
    NativeSidecar,
    OtelSidecar,
    PodSpec,
    Probe,
    Resources,
    SecurityContext,
    SidecarlibError,
    StatefulSet,
    VaultAgentSidecar,
    Volume,
    VolumeClaimTemplate,
    WaitFor,
    Workload,
)

READY = Probe.http("/ready", port=8080)


def app(**fields: Any) -> Container:
    """An application."""
    return Container(**{"name": "app", "image": "app:1", **fields})


def sidecar(name: str = "helper", **fields: Any) -> NativeSidecar:
    """A sidecar."""
    return NativeSidecar(**{"name": name, "image": "helper:1", "startup_probe": READY, "ports": [8080], **fields})


def pod(**fields: Any) -> PodSpec:
    """A Pod with an application."""
    return PodSpec(**{"containers": [app()], **fields})


PLAIN = pod(sidecars=[sidecar()])

Mistake = Callable[[Chart], object]

MISTAKES: dict[str, tuple[Mistake, tuple[str, ...]]] = {
    # names
    "a name with capitals": (lambda _: app(name="App"), ("invalid name 'App'",)),
    "a name in another script": (lambda _: app(name="приложение"), ("invalid name",)),
    "a name that is too long": (lambda _: app(name="a" * 64), ("invalid name",)),
    "a name that is no text": (lambda _: app(name=7), ("7 is not text",)),
    "a reused container name": (lambda _: pod(sidecars=[sidecar("app")]), ("two containers called 'app'",)),
    "two sidecars of one name": (lambda _: pod(sidecars=[sidecar(), sidecar()]), ("two containers called 'helper'",)),
    "an object name with a slash": (lambda c: Deployment(c, "d", name="a/b", pod=PLAIN), ("invalid name 'a/b'",)),
    "a CronJob name that never runs": (
        lambda c: CronJob(c, "d", name="n" * 53, pod=PLAIN, schedule="@daily"),
        ("52",),
    ),
    "a StatefulSet name beyond every label": (lambda c: StatefulSet(c, "d", name="n" * 64, pod=PLAIN), ("63",)),
    # references
    "an unknown sidecar": (lambda _: pod(containers=[app(uses=["nope"])]), ("no provider 'nope' (app -> nope)",)),
    "a cycle of two": (
        lambda _: pod(sidecars=[sidecar("a", uses=["b"]), sidecar("b", uses=["a"])]),
        ("a cycle: a needs b (uses), b needs a (uses)",),
    ),
    "a cycle through an init container": (
        lambda _: pod(
            sidecars=[sidecar("a", after=["i"])], init_containers=[InitContainer(name="i", image="i:1", uses=["a"])]
        ),
        ("a cycle",),
    ),
    "a sidecar that needs itself": (lambda _: pod(sidecars=[sidecar("a", uses=["a"])]), ("it needs itself",)),
    "a sidecar after a main container": (
        lambda _: pod(sidecars=[sidecar(after=["app"])]),
        ("'app' is a main container",),
    ),
    "an object that is no sidecar": (lambda _: pod(sidecars=["helper"]), ("str is no sidecar",)),
    "a file that vault does not render": (
        lambda _: VaultAgentSidecar(address="https://v:8200", role="r", files={"a": "x"}).file("b"),
        ("'b'", "a"),
    ),
    # quantities and numbers
    "a quantity with a wrong unit": (lambda _: Resources(requests={"memory": "64MB"}), ("invalid quantity '64MB'",)),
    "a quantity that is a float": (lambda _: Resources(requests={"cpu": cast("Any", 0.5)}), ("invalid quantity 0.5",)),
    "a negative quantity": (lambda _: Resources(requests={"cpu": "-1"}), ("invalid quantity '-1'",)),
    "a request above its limit": (
        lambda _: Resources(requests={"cpu": "2"}, limits={"cpu": "1500m"}),
        ("request 2 above limit 1500m",),
    ),
    "NaN in extra": (lambda _: app(extra={"x": [float("nan")]}), ("nan is no JSON number",)),
    "infinite seconds": (lambda _: Probe.tcp(port=1, within=float("inf")), ("inf is no number of seconds",)),
    "a port beyond the last": (lambda _: ContainerPort(container_port=65536), ("65536",)),
    "a port that is a bool": (lambda _: app(ports=[True]), ("True is no port",)),
    "negative replicas": (lambda c: Deployment(c, "d", pod=PLAIN, replicas=-1), ("-1",)),
    "root that is not root": (
        lambda _: SecurityContext(run_as_user=0, run_as_non_root=True),
        ("user 0 is root",),
    ),
    # shapes
    "a set of arguments": (lambda _: app(args={"a", "b"}), ("is no list", "whose order is kept")),
    "a string of arguments": (lambda _: app(args="--verbose"), ("is no list",)),
    "a number in the environment": (lambda _: app(env={"PORT": 5432}), ("5432 is not text", "write '5432'")),
    "a set in a workload's extra": (
        lambda c: Job(c, "j", pod=PLAIN, extra={"x": {1}}),
        ("set is no value of a manifest",),
    ),
    "a key that is no text": (lambda _: app(extra={1: "a"}), ("key 1 is not text",)),
    "a field that is set twice": (lambda _: pod(containers=[app(extra={"image": "b"})]), ("image is set already",)),
    "a variable that is set twice": (
        lambda _: app(env=[EnvVar(name="A", value="1"), EnvVar(name="A", value="2")]),
        ("'A' is written twice",),
    ),
    "two mounts at one path": (
        lambda _: app(volume_mounts=[Volume.empty_dir("a").mount("/x"), Volume.empty_dir("b").mount("/x")]),
        ("holds two volumes, a and b",),
    ),
    "a relative mount path": (lambda _: Volume.empty_dir("a").mount("data"), ("is no absolute path",)),
    "a volume that is two things": (
        lambda _: pod(
            containers=[app(volume_mounts=[Volume.empty_dir("a").mount("/x")])],
            volumes=[Volume.config_map("a", config_map="c")],
        ),
        ("volume 'a' is two things",),
    ),
    "a claim of nothing": (lambda _: VolumeClaimTemplate(name="data", storage="lots"), ("invalid storage 'lots'",)),
    "no PodSpec": (lambda c: Deployment(c, "d", pod=cast("Any", app())), ("is no PodSpec",)),
    "no containers": (lambda _: PodSpec(containers=[]), ("container",)),
    "a template path that leads nowhere": (
        lambda c: Workload(c, "w", api_version="a/v1", kind="K", pod=PLAIN, template_path=["status"]),
        ("does not lead into the spec",),
    ),
    # probes, gates and hooks
    "no gate": (lambda _: sidecar(startup_probe=None), ("None gates nothing",)),
    "no gate and no reason": (lambda _: Probe.none(because=" "), ("is empty",)),
    "a probe of a port nobody has": (
        lambda _: pod(sidecars=[sidecar(startup_probe=Probe.http("/", port="health"))]),
        ("'health'",),
    ),
    "a probe on the proxy's loopback port": (
        lambda _: pod(sidecars=[CloudSqlProxySidecar(instances=["p:r:i"], startup_probe=Probe.tcp(port=5432))]),
        ("5432",),
    ),
    "a gate that waits for the application": (
        lambda _: pod(containers=[app(ports=[9000])], sidecars=[sidecar(startup_probe=WaitFor.tcp(port=9000))]),
        ("9000",),
    ),
    "an exec probe without a program": (
        lambda _: pod(
            sidecars=[OtelSidecar(exporters={"otlp_http": {"endpoint": "http://o"}}, startup_probe=Probe.exec(["sh"]))]
        ),
        ("sh",),
    ),
    "a success threshold on a startup probe": (
        lambda _: sidecar(startup_probe=Probe.tcp(port=1, success_threshold=2)),
        ("success_threshold 2",),
    ),
    "a hook without a command": (lambda _: Lifecycle(pre_stop=Hook.exec([])), ("no command",)),
    "a gate that waits no time": (lambda _: WaitFor.tcp(port=1, within=0), ("0 is no whole number",)),
    # workloads and versions
    "a Deployment that ends": (
        lambda c: Deployment(c, "d", name="d", pod=PLAIN, extra={"template": {"spec": {"restartPolicy": "Never"}}}),
        ("restartPolicy",),
    ),
    "a Job that is always restarted": (
        lambda c: Job(c, "j", name="j", pod=PLAIN, restart_policy="Always"),
        ("Always",),
    ),
    "a cluster that is too old": (lambda c: Job(c, "j", name="j", pod=PLAIN, kubernetes="1.27"), ("1.2",)),
    "a cluster whose sidecars are behind a gate": (
        lambda c: Job(c, "j", name="j", pod=PLAIN, kubernetes="1.28"),
        ("1.29",),
    ),
    "a version that is none": (lambda c: Job(c, "j", name="j", pod=PLAIN, kubernetes="new"), ("'new'",)),
    "an acknowledgement without a reason": (
        lambda _: pod(acknowledge={"grace-period-too-short": ""}),
        ("no reason for 'grace-period-too-short'",),
    ),
    "an acknowledgement of nothing": (lambda _: pod(acknowledge={"nope": "x"}), ("unknown rule 'nope'",)),
    "a name in two places": (
        lambda c: Job(c, "j", name="j", generate_name="j-", pod=PLAIN),
        ("a name in name and in generate_name",),
    ),
    # several at once
    "mistakes of name, version, selector and field": (
        lambda c: Deployment(
            c, "d", name="Bad Name", pod=PLAIN, kubernetes="1.x", match_labels={"a": "b c"}, replicas=cast("Any", "two")
        ),
        ("invalid name 'Bad Name'", "'1.x'", "'b c'", "'two'"),
    ),
    "three mistakes in one container": (
        lambda _: app(name="A", image="B C", args=3),
        ("3 problems", "invalid name 'A'", "invalid image 'B C'", "3 is no list"),
    ),
    "mistakes in several containers": (
        lambda _: pod(containers=[app(uses=["x"])], sidecars=[sidecar("app"), sidecar("b", ports=[8081], after=["y"])]),
        ("3 problems", "'x'", "'y'", "two containers called 'app'"),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_error_at_the_users_line(mistake: str) -> None:
    """The error tells what, where and what to write instead; its last frame outside sidecarlib is the user's; nothing is made."""
    make, told = MISTAKES[mistake]
    chart = Chart(cdk8s.Testing.app(), "chart")
    with pytest.raises(SidecarlibError) as raised:
        make(chart)
    text = str(raised.value)
    assert all(part in text for part in told), text
    assert all(problem.what and problem.where and problem.instead for problem in raised.value.problems)
    frames = [frame for frame, _ in traceback.walk_tb(raised.value.__traceback__)]
    outside = [frame for frame in frames if not frame.f_globals["__name__"].startswith("sidecarlib.")]
    assert outside[-1].f_code.co_filename == __file__
    assert raised.value.__cause__ is None
    assert chart.node.children == []


def test_there_are_enough_mistakes() -> None:
    """The table covers at least forty."""
    assert len(MISTAKES) >= 40
