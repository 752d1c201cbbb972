"""The ports that a container declares."""

from __future__ import annotations

from typing import NamedTuple

from sidecarlib.manifests.reading import mappings, optional_integer, text


class PortView(NamedTuple):
    """A declared port; `number` is None where it is no number."""

    number: int | None
    name: str
    protocol: str
    host_port: int | None
    host_ip: str
    pointer: str


def ports_of(ports: object, where: str) -> tuple[PortView, ...]:
    """What a container's `ports`, which stand at the JSON pointer `where`, declare; TCP is Kubernetes' default protocol."""
    return tuple(
        [
            PortView(
                number=optional_integer(item.get("containerPort")),
                name=text(item.get("name")),
                protocol=text(item.get("protocol")) or "TCP",
                host_port=optional_integer(item.get("hostPort")),
                host_ip=text(item.get("hostIP")),
                pointer=f"{where}/{index}",
            )
            for index, item in mappings(ports)
        ]
    )
