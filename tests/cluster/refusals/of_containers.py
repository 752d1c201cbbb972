"""Containers that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib import ContainerPort, EnvFrom, EnvVar, Resources, SecurityContext
from tests.cluster.refusals.case import Case, for_this_server, init, main, raw_init, raw_main, raw_sidecar, sidecar


def cases() -> Iterator[Case]:
    """Names, images, ports, variables, resources, security settings."""
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
    yield from _resources()
    yield from _restarts()


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


def _resources() -> Iterator[Case]:
    for text in ("abc", "1gb", "1.2.3", "--1", "1e", "0x10", "1,5", "-1"):
        yield Case(
            name=f"quantity {text!r}",
            ours=lambda text=text: Resources(requests={"memory": text}),  # type: ignore[misc]
            theirs=raw_main(resources={"requests": {"memory": text}}),
        )
    yield Case(
        name="request above its limit",
        ours=lambda: Resources(requests={"cpu": "2"}, limits={"cpu": "1900m"}),
        theirs=raw_main(resources={"requests": {"cpu": "2"}, "limits": {"cpu": "1900m"}}),
    )
    yield Case(
        name="resource name",
        ours=lambda: Resources(limits={"a b": "1"}),
        theirs=raw_main(resources={"limits": {"a b": "1"}}),
    )
    for field, key in (("run_as_user", "runAsUser"), ("run_as_group", "runAsGroup")):
        for number in (-1, 2**31):
            yield Case(
                name=f"{field} {number}",
                ours=lambda field=field, number=number: SecurityContext(**{field: number}),  # type: ignore[misc]
                theirs=raw_main(securityContext={key: number}),
            )


def _restarts() -> Iterator[Case]:
    for policy in ("Sometimes", ""):
        yield Case(
            name=f"restart policy {policy!r} of an init container",
            ours=init(extra={"restartPolicy": policy}),
            theirs=raw_init(restartPolicy=policy),
        )
    handler = {"exec": {"command": ["true"]}}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        yield Case(
            name=f"{probe} of an init container", ours=init(extra={probe: handler}), theirs=raw_init(**{probe: handler})
        )
    hook = {"preStop": handler}
    yield Case(name="hook of an init container", ours=init(extra={"lifecycle": hook}), theirs=raw_init(lifecycle=hook))
    resize = [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]
    yield Case(
        name="resize with a restart of an init container",
        ours=for_this_server(init(extra={"resizePolicy": resize})),
        theirs=raw_init(resizePolicy=resize),
    )
    yield Case(
        name="restart rules without a policy",
        ours=for_this_server(main(extra={"restartPolicyRules": [RULE]})),
        theirs=raw_main(restartPolicyRules=[RULE]),
    )
    wrong = {**RULE, "action": "Die"}
    yield Case(
        name="action of a restart rule",
        ours=for_this_server(sidecar(extra={"restartPolicyRules": [wrong]})),
        theirs=raw_sidecar(restartPolicyRules=[wrong]),
    )


RULE = {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}
