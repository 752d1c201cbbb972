"""Containers that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sidecarlib import ContainerPort, EnvFrom, EnvVar
from tests.cluster.refusals.case import Case, main, raw_main


def cases() -> Iterator[Case]:
    """Names, images, ports, variables."""
    for name in ("", "UPPER", "under_score", "-a", "a-", "a.b", "a" * 64, "ä"):
        yield Case(name=f"container name {name!r}", ours=main(name=name), theirs=raw_main(name=name))
    for image in ("", " busybox:1.36", "busybox:1.36 "):
        yield Case(name=f"image {image!r}", ours=main(image=image), theirs=raw_main(image=image))
    yield Case(
        name="image pull policy",
        ours=main(image_pull_policy="Sometimes"),
        theirs=raw_main(imagePullPolicy="Sometimes"),
    )
    yield Case(
        name="termination message policy",
        ours=main(termination_message_policy="Log"),
        theirs=raw_main(terminationMessagePolicy="Log"),
    )
    yield Case(name="command that is no text", ours=main(command=["sleep", 5]), theirs=raw_main(command=["sleep", 5]))
    yield from _ports()
    yield from _variables()
    yield from _sources()


def _ports() -> Iterator[Case]:
    for number in (0, -1, 65536, "80", 80.5):
        yield Case(
            name=f"port {number!r}", ours=main(ports=[number]), theirs=raw_main(ports=[{"containerPort": number}])
        )
    for name in ("UPPER", "a--b", "-a", "a-", "1234", "a" * 16, "under_score"):
        yield Case(
            name=f"port name {name!r}",
            ours=lambda name=name: ContainerPort(container_port=80, name=name),  # type: ignore[misc]
            theirs=raw_main(ports=[{"containerPort": 80, "name": name}]),
        )
    yield Case(
        name="protocol",
        ours=lambda: ContainerPort(container_port=80, protocol="HTTP"),
        theirs=raw_main(ports=[{"containerPort": 80, "protocol": "HTTP"}]),
    )
    yield Case(
        name="host port",
        ours=lambda: ContainerPort(container_port=80, host_port=65536),
        theirs=raw_main(ports=[{"containerPort": 80, "hostPort": 65536}]),
    )
    yield Case(
        name="one port name twice",
        ours=main(ports=[ContainerPort(container_port=port, name="http") for port in (80, 81)]),
        theirs=raw_main(ports=[{"containerPort": port, "name": "http"} for port in (80, 81)]),
    )


def _variables() -> Iterator[Case]:
    for name in ("", "a=b", "ä"):
        yield Case(
            name=f"variable name {name!r}",
            ours=lambda name=name: EnvVar(name=name, value="a"),  # type: ignore[misc]
            theirs=raw_main(env=[{"name": name, "value": "a"}]),
        )
    for value in (5, True, ["a"]):
        yield Case(
            name=f"variable value {value!r}",
            ours=lambda value=value: EnvVar(name="A", value=value),  # type: ignore[misc]
            theirs=raw_main(env=[{"name": "A", "value": value}]),
        )
    source = {"fieldRef": {"fieldPath": "metadata.name"}}
    yield Case(
        name="variable with a value and a source",
        ours=lambda: EnvVar(name="A", value="a", value_from=source),
        theirs=raw_main(env=[{"name": "A", "value": "a", "valueFrom": source}]),
    )
    yield Case(
        name="variables of two sources",
        ours=lambda: EnvFrom(secret="a", config_map="b"),
        theirs=raw_main(envFrom=[{"secretRef": {"name": "a"}, "configMapRef": {"name": "b"}}]),
    )
    yield Case(name="variables of no source", ours=EnvFrom, theirs=raw_main(envFrom=[{"prefix": "A"}]))
    yield Case(
        name="variable without a key",
        ours=lambda: EnvVar.secret("A", secret="a", key=""),
        theirs=raw_main(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "a", "key": ""}}}]),
    )
    yield Case(
        name="variable without a field",
        ours=lambda: EnvVar.field("A", ""),
        theirs=raw_main(env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": ""}}}]),
    )


def _sources() -> Iterator[Case]:
    def variable(name: str, ours: Callable[[], object], **source: Any) -> Case:
        return Case(name=name, ours=ours, theirs=raw_main(env=[{"name": "A", "valueFrom": source}]))

    key = {"name": "A_B", "key": "a"}
    yield variable("secret's name", lambda: EnvVar.secret("A", secret="A_B", key="a"), secretKeyRef=key)
    yield variable("ConfigMap's name", lambda: EnvVar.config_map("A", config_map="A_B", key="a"), configMapKeyRef=key)
    for word in ("a b", "..a", "a/b"):
        yield variable(
            f"key {word!r}",
            lambda word=word: EnvVar.config_map("A", config_map="a", key=word),  # type: ignore[misc]
            configMapKeyRef={"name": "a", "key": word},
        )
    for path in (
        "spec.replicas",
        "metadata.labels",
        "metadata.labels['a b']",
        "status.phase",
        "metadata.creationTimestamp",
    ):
        yield variable(
            f"field {path}",
            lambda path=path: EnvVar.field("A", path),  # type: ignore[misc]
            fieldRef={"fieldPath": path},
        )
    for resource, divisor in (("limits.foo", "1"), ("cpu", "1"), ("limits.cpu", "2"), ("requests.memory", "1m")):
        yield variable(
            f"{resource} in units of {divisor}",
            lambda resource=resource, divisor=divisor: EnvVar.resource("A", resource, divisor=divisor),  # type: ignore[misc]
            resourceFieldRef={"resource": resource, "divisor": divisor},
        )
    yield Case(
        name="name of a source",
        ours=lambda: EnvFrom(config_map="A_B"),
        theirs=raw_main(envFrom=[{"configMapRef": {"name": "A_B"}}]),
    )
    yield Case(
        name="prefix of a source",
        ours=lambda: EnvFrom(config_map="a", prefix="a="),
        theirs=raw_main(envFrom=[{"configMapRef": {"name": "a"}, "prefix": "a="}]),
    )
