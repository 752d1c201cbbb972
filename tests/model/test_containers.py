"""Containers, init containers and native sidecars."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from sidecarlib import (
    Container,
    ContainerPort,
    EnvVar,
    Hook,
    InitContainer,
    InvalidValueError,
    Lifecycle,
    NativeSidecar,
    Probe,
    Resources,
    Volume,
    WaitFor,
)


def problems(**fields: Any) -> list[str]:
    """What a container of these fields is refused for."""
    with pytest.raises(InvalidValueError) as raised:
        Container(**{"name": "app", "image": "app:1", **fields})
    return [str(problem) for problem in raised.value.problems]


class TestRendering:
    """What a container becomes."""

    def test_a_container_has_only_the_fields_that_were_given(self) -> None:
        """No field is added that the API server would default."""
        assert Container(name="app", image="app:1").render() == {"name": "app", "image": "app:1"}

    def test_a_sidecar_is_an_init_container_that_is_always_restarted(self) -> None:
        """That one field makes it native."""
        sidecar = NativeSidecar(name="s", image="s:1", startup_probe=Probe.none(because="it serves nobody"))
        assert sidecar.render() == {"name": "s", "image": "s:1", "restartPolicy": "Always"}

    def test_a_gate_of_its_own_is_no_probe(self) -> None:
        """A `WaitFor` stands beside the sidecar, so the sidecar itself has no startup probe."""
        assert "startupProbe" not in NativeSidecar(name="s", image="s:1", startup_probe=WaitFor.tcp(port=1)).render()

    def test_every_common_field_is_rendered_in_camel_case(self) -> None:
        """Typed fields become the fields of the Kubernetes API."""
        data = Volume.empty_dir("data")
        container = Container(
            name="app",
            image="app:1",
            command=["run"],
            args=["-v"],
            working_dir="/srv",
            env={"A": "1"},
            ports=[8080, ContainerPort(container_port=53, name="dns", protocol="UDP")],
            volume_mounts=[data.mount("/data", read_only=True)],
            resources=Resources(requests={"cpu": "1000m"}),
            liveness_probe=Probe.http("/live", port="dns", failure_threshold=3),
            lifecycle=Lifecycle(pre_stop=Hook.sleep(5)),
            image_pull_policy="Always",
            extra={"stdin": True, "resources": {"claims": [{"name": "gpu"}]}},
        )
        assert container.render() == {
            "name": "app",
            "image": "app:1",
            "imagePullPolicy": "Always",
            "command": ["run"],
            "args": ["-v"],
            "workingDir": "/srv",
            "ports": [{"containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}],
            "env": [{"name": "A", "value": "1"}],
            "resources": {"requests": {"cpu": "1"}, "claims": [{"name": "gpu"}]},
            "livenessProbe": {
                "httpGet": {"path": "/live", "port": "dns"},
                "periodSeconds": 1,
                "timeoutSeconds": 1,
                "failureThreshold": 3,
            },
            "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
            "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
            "stdin": True,
        }

    def test_a_field_that_is_set_cannot_be_set_again(self) -> None:
        """`extra` never silently wins over a typed field."""
        with pytest.raises(InvalidValueError, match="image is set already"):
            Container(name="app", image="app:1", extra={"image": "other:1"}).render()


class TestRefusals:
    """What is refused where it is written."""

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"name": "Bad_Name"}, "invalid name 'Bad_Name'"),
            ({"name": "x" * 64}, "invalid name"),
            ({"name": "naïve"}, "invalid name"),
            ({"name": ""}, "is empty"),
            ({"image": "My App:1"}, "invalid image"),
            ({"image": "app:1 "}, "invalid image"),
            ({"args": "one string"}, "is no list"),
            ({"args": {"a", "b"}}, "is no list"),
            ({"args": [1]}, "1 is not text"),
            ({"ports": [70000]}, "70000 is no port"),
            ({"ports": [True]}, "True is no port"),
            ({"env": {"A": 1}}, "1 is not text"),
            ({"env": {"A=B": "1"}}, "invalid key"),
            ({"env": [EnvVar(name="A", value="1"), EnvVar(name="A", value="2")]}, "written twice"),
            ({"env": [("A", "1")]}, "is no EnvVar"),
            ({"resources": {"cpu": "1"}}, "is no Resources"),
            ({"uses": [object()]}, "has no container name"),
            ({"extra": {"x": float("nan")}}, "nan is no JSON number"),
            ({"extra": []}, "is no mapping"),
            ({"image_pull_policy": "Sometimes"}, "unknown image_pull_policy"),
            ({"liveness_probe": Probe.none(because="no")}, "Probe.none"),
            ({"liveness_probe": Probe.tcp(port=1, success_threshold=2)}, "success_threshold"),
            ({"readiness_probe": Probe.tcp(port=1, termination_grace_period_seconds=5)}, "never stops"),
            ({"volume_mounts": [Volume.empty_dir("a").mount("/x"), Volume.empty_dir("b").mount("/x")]}, "two volumes"),
        ],
    )
    def test_a_wrong_field_is_told(self, fields: dict[str, Any], told: str) -> None:
        """The constructor says what is wrong, where, and what to write instead."""
        found = problems(**fields)
        assert any(told in problem for problem in found)
        assert all(" @ container " in problem and ": " in problem for problem in found)

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        """One run of the program shows every mistake in the container."""
        assert len(problems(name="Bad", image="no good", args=3, env={"A": None})) == 4

    def test_a_sidecar_needs_a_gate(self) -> None:
        """A sidecar without a gate must say why."""
        with pytest.raises(TypeError):
            NativeSidecar(name="s", image="s:1")  # type: ignore[call-arg]
        with pytest.raises(InvalidValueError, match="gates nothing"):
            NativeSidecar(name="s", image="s:1", startup_probe=None)  # type: ignore[arg-type]

    @pytest.mark.parametrize("because", ["", "  "])
    def test_no_gate_needs_a_reason(self, because: str) -> None:
        """An empty reason is none."""
        with pytest.raises(InvalidValueError, match="is empty"):
            Probe.none(because=because)

    @pytest.mark.parametrize("path", ["relative.yaml", "/top", "/etc/x/", "/etc/a b", "/etc/..x"])
    def test_a_file_needs_a_path_that_can_be_mounted(self, path: str) -> None:
        """Files are keys of a ConfigMap in a folder of their own."""
        with pytest.raises(InvalidValueError, match="files"):
            NativeSidecar(name="s", image="s:1", startup_probe=Probe.tcp(port=1), files={path: ""})

    def test_a_plain_init_container_takes_no_probe(self) -> None:
        """The API server refuses one, so there is no such field."""
        with pytest.raises(TypeError):
            InitContainer(name="i", image="i:1", startup_probe=Probe.tcp(port=1))  # type: ignore[call-arg]


def test_a_container_cannot_be_changed() -> None:
    """Values are frozen."""
    with pytest.raises(FrozenInstanceError):
        Container(name="app", image="app:1").name = "other"  # type: ignore[misc]


def test_equal_containers_are_one_key() -> None:
    """Containers can be compared and hashed."""
    assert (
        len(
            {Container(name="app", image="app:1", env={"A": "1"}), Container(name="app", image="app:1", env={"A": "1"})}
        )
        == 1
    )


@pytest.mark.parametrize(
    "image", ["app:1", "registry.example.com:5000/team/app@sha256:" + "0" * 64, "${REGISTRY}/app:${TAG}", "app"]
)
def test_images_of_every_form_are_taken(image: str) -> None:
    """References that a registry, a digest or a later substitution makes whole are fine."""
    assert Container(name="app", image=image).image == image
