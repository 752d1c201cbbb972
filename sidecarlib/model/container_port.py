"""A port that a container listens on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.names import port_name

__all__ = ["ContainerPort"]

LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerPort:
    """A port number from 1 to 65535, with a name for probes and Services where it has one.

    `protocol` is TCP, UDP or SCTP. Raises `InvalidValueError` with all that is wrong.
    """

    container_port: int
    name: str | None = None
    protocol: str = "TCP"
    host_port: int | None = None
    host_ip: str | None = None

    def __post_init__(self) -> None:
        checks = Checks(f"ContainerPort {self.container_port!r}")
        checks.port("container_port", self.container_port)
        if self.name is not None:
            checks.text("name", self.name, syntax=port_name)
        checks.choice("protocol", self.protocol, ("TCP", "UDP", "SCTP"))
        if self.host_port is not None:
            checks.port("host_port", self.host_port)
        checks.optional_text("host_ip", self.host_ip)
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """The entry of a container's `ports`."""
        rendered: dict[str, Any] = {} if self.name is None else {"name": self.name}
        rendered["containerPort"] = self.container_port
        if self.protocol != "TCP":
            rendered["protocol"] = self.protocol
        if self.host_port is not None:
            rendered["hostPort"] = self.host_port
        if self.host_ip is not None:
            rendered["hostIP"] = self.host_ip
        return rendered


def container_ports(checks: Checks, value: object) -> tuple[ContainerPort, ...]:
    """The ports of a container: a bare number stands for a TCP port without a name."""
    ports: list[ContainerPort] = []
    for index, item in enumerate(checks.items("ports", value)):
        if isinstance(item, ContainerPort):
            ports.append(item)
        elif item.__class__ is int and 1 <= item <= LARGEST_PORT:
            ports.append(ContainerPort(container_port=item))
        else:
            checks.add(f"{item!r} is no port", f"ports[{index}]", "write a number from 1 to 65535 or a ContainerPort")
    return tuple(ports)
