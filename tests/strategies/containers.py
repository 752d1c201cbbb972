"""Containers, init containers and sidecars of one's own, each on ports, volumes and neighbours that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from sidecarlib import (
    Container,
    ContainerPort,
    EnvVar,
    InitContainer,
    NativeSidecar,
    Resources,
    SecurityContext,
    Sidecar,
    Volume,
)
from tests.strategies.environments import environments, whole_sources
from tests.strategies.probes import COMMANDS, gates, lifecycles, probes
from tests.strategies.volumes import mounts
from tests.strategies.words import TEXTS, keys, optional, some_of

IMAGES = (
    "busybox:1.36",
    "example.com:5000/team/app:v1.2.3",
    "app@sha256:" + "0" * 64,
    "registry.k8s.io/pause",
    "${IMAGE}",
)
RESOURCES = st.builds(
    Resources,
    requests=some_of(
        {"cpu": st.sampled_from(["10m", "0.1", "100m"]), "memory": st.sampled_from(["16Mi", "1e7", "16777216"])}
    ),
    limits=some_of(
        {
            "cpu": st.sampled_from(["1", "1000m", "2.5"]),
            "memory": st.sampled_from(["64Mi", "1Gi"]),
            "ephemeral-storage": st.just("1Gi"),
            "example.com/gpu": st.sampled_from(["1", "2"]),
        }
    ),
)
# No privileged containers: an API server can be told to take none at all.
SECURITY = st.sampled_from(
    [
        SecurityContext.restricted(),
        SecurityContext.restricted(run_as_user=65532, run_as_group=65532),
        SecurityContext(run_as_user=0, capabilities_add=["NET_ADMIN"], capabilities_drop=["ALL"]),
        SecurityContext(seccomp_profile={"type": "Localhost", "localhostProfile": "a.json"}, run_as_non_root=False),
        SecurityContext(extra={"seLinuxOptions": {"level": "s0:c1"}, "procMount": "Default"}),
    ]
)
EXTRA = st.sampled_from(
    [
        {},
        {"stdin": True, "tty": True},
        {"terminationMessagePath": "/dev/termination-log"},
        {"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}]},
        {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}},
    ]
)
PROTOCOLS = st.sampled_from(["TCP", "TCP", "UDP", "SCTP"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a container meets in its Pod: its name, ports that are its own, volumes of all, and what is drawn before it."""

    name: str
    ports: Sequence[int] = ()
    volumes: Sequence[Volume] = ()
    sidecars: Sequence[Sidecar] = ()
    before: Sequence[str] = ()


@st.composite
def container_ports(draw: st.DrawFn, numbers: Sequence[int]) -> list[ContainerPort | int]:
    """The ports: bare numbers, and some with a name, another protocol or the node's port of the same number."""
    found: list[ContainerPort | int] = []
    for number in numbers:
        if draw(st.booleans()):
            found.append(number)
            continue
        more = draw(some_of({"protocol": PROTOCOLS, "host_port": st.just(number)}, most=1))
        found.append(ContainerPort(container_port=number, name=draw(optional(st.just(f"p-{number}"))), **more))
    return found


def tcp_ports(ports: Sequence[ContainerPort | int]) -> list[int | str]:
    """How a probe can name these ports."""
    named: list[int | str] = []
    for port in ports:
        if isinstance(port, int):
            named.append(port)
        elif port.protocol == "TCP":
            named += [port.container_port, *([port.name] if port.name else [])]
    return named


@st.composite
def common_fields(draw: st.DrawFn, around: Surroundings) -> dict[str, Any]:
    """What every kind of container has."""
    mounted = draw(st.lists(st.sampled_from(around.volumes), unique=True, max_size=3)) if around.volumes else []
    fields: dict[str, Any] = {
        "name": around.name,
        "image": draw(st.sampled_from(IMAGES)),
        "env": draw(environments()),
        "volume_mounts": [draw(mounts(volume, f"/mnt/{number}")) for number, volume in enumerate(mounted)],
    }
    fields |= draw(
        some_of(
            {
                "command": COMMANDS,
                "args": st.lists(TEXTS, max_size=3),
                "working_dir": st.sampled_from(["/", "/a b"]),
                "env_from": st.lists(whole_sources(), max_size=2),
                "resources": RESOURCES,
                "security_context": SECURITY,
                "image_pull_policy": st.sampled_from(["Always", "IfNotPresent", "Never"]),
                "termination_message_policy": st.sampled_from(["File", "FallbackToLogsOnError"]),
                "extra": EXTRA,
            }
        )
    )
    if around.sidecars:
        fields["uses"] = draw(st.lists(st.sampled_from(around.sidecars), unique_by=lambda each: each.name, max_size=2))
        if isinstance(fields["env"], list):
            fields["env"] += draw(borrowed(around.sidecars))
    if around.before:
        fields["after"] = draw(st.lists(st.sampled_from(around.before), unique=True, max_size=2))
    return fields


@st.composite
def borrowed(draw: st.DrawFn, sidecars: Sequence[Sidecar]) -> list[EnvVar]:
    """What one of the sidecars offers by variables, each under a name that nobody else uses."""
    lender = draw(st.sampled_from(sidecars))
    offer = getattr(lender, "env", None)  # of a sidecar of one's own these are the variables that it has
    offered: Sequence[EnvVar] = offer() if callable(offer) and draw(st.booleans()) else ()
    return [replace(variable, name=f"borrowed.{variable.name}") for variable in offered]


@st.composite
def probes_and_hooks(draw: st.DrawFn, ports: Sequence[int | str], *, startup: bool) -> dict[str, Any]:
    """Probes and hooks of a main container, or of a sidecar, whose startup probe is drawn elsewhere."""
    choices: dict[str, st.SearchStrategy[Any]] = {
        "liveness_probe": probes(ports, "liveness"),
        "readiness_probe": probes(ports, "readiness"),
        "lifecycle": lifecycles(ports),
    }
    if startup:
        choices["startup_probe"] = probes(ports, "startup")
    found: dict[str, Any] = draw(some_of(choices, most=2))
    return found


@st.composite
def main_containers(draw: st.DrawFn, around: Surroundings) -> Container:
    """A container that does the Pod's work."""
    ports = draw(container_ports(around.ports))
    return Container(
        **draw(common_fields(around)), ports=ports, **draw(probes_and_hooks(tcp_ports(ports), startup=True))
    )


@st.composite
def init_containers(draw: st.DrawFn, around: Surroundings) -> InitContainer:
    """A container that runs to its end before the next."""
    return InitContainer(**draw(common_fields(around)))


@st.composite
def native_sidecars(draw: st.DrawFn, around: Surroundings) -> NativeSidecar:
    """A sidecar of one's own, with any gate and with files."""
    ports = draw(container_ports(around.ports))
    files = draw(
        st.dictionaries(
            st.builds("{}/{}".format, st.sampled_from(["/etc/a", "/etc/b/c", f"/conf/{around.name}"]), keys()),
            TEXTS,
            max_size=3,
        )
    )
    return NativeSidecar(
        **draw(common_fields(around)),
        ports=ports,
        startup_probe=draw(gates(tcp_ports(ports))),
        files=files,
        stops_within=draw(optional(st.integers(0, 60) | st.floats(0, 60))),
        **draw(probes_and_hooks(tcp_ports(ports), startup=False)),
    )
