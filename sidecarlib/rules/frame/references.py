"""Addresses on the Pod's loopback that a container is told to use: in arguments, variables and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.rules.frame.waiting import starts_something

HIGHEST_PORT = 65535
DEFAULT_PORTS = {
    "http": 80,
    "https": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "mongodb": 27017,
    "redis": 6379,
    "amqp": 5672,
}
"""What a client of the scheme dials when its address has no port (IANA's registry, for databases their own manuals)."""

_LOOPBACK = r"(?<![\w.-])(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])"
_WITH_PORT = re.compile(_LOOPBACK + r":(\d{1,5})(?!\d)")
_WITH_SCHEME = re.compile(r"([a-z]+)(?:\+[a-z0-9]+)?://(?:[^@/\s]*@)?" + _LOOPBACK + r"(?![\w.:-])")
_HOST_THEN_PORT = re.compile(_LOOPBACK + r"[ /](\d{1,5})(?![\w.])")
_HOST_AND_PORT_FLAGS = re.compile(
    r"(?:-h|--host)[= ]?" + _LOOPBACK.replace(r"(?<![\w.-])", "") + r"\b.*?\s(?:-p|-P|--port)[= ]?(\d{1,5})(?!\d)"
)
_HOST_VARIABLE = re.compile(r"HOST(?:NAME)?$", re.IGNORECASE)
_KERNEL_TABLE = re.compile(r":([0-9A-F]{4})(?![0-9A-Za-z])")


class Reference(NamedTuple):
    """A port on loopback that a container is told to use, and the field that says so: `source` is its name for a person.

    The text itself is not kept: it may hold a password.
    """

    port: int
    field: tuple[str | int, ...]
    source: str


def names_loopback(text: str) -> bool:
    """Whether a text may hold an address on loopback at all."""
    return "localhost" in text or "127." in text or "[::1]" in text


def loopback_ports(text: str) -> tuple[int, ...]:
    """The ports of the loopback addresses in a text, in order, each once."""
    if not names_loopback(text):
        return ()
    found = [int(match[1]) for match in _WITH_PORT.finditer(text)]
    found += [DEFAULT_PORTS[match[1]] for match in _WITH_SCHEME.finditer(text) if match[1] in DEFAULT_PORTS]
    return tuple(dict.fromkeys(port for port in found if 0 < port <= HIGHEST_PORT))


def asked_ports(words: Sequence[str]) -> tuple[int, ...]:
    """The loopback ports that a command asks: an address, `nc HOST PORT`, `-h HOST -p PORT`, or the kernel's table of sockets."""
    text = " ".join(words)
    if "/proc/net/tcp" in text:
        return tuple(port for match in _KERNEL_TABLE.finditer(text) if (port := int(match[1], 16)))
    if not names_loopback(text):
        return ()
    found = [*loopback_ports(text)]
    found += [int(match[1]) for pattern in (_HOST_THEN_PORT, _HOST_AND_PORT_FLAGS) for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(port for port in found if 0 < port <= HIGHEST_PORT))


def settings_text(container: ContainerView) -> str:
    """All arguments and values of variables in one text, for a quick look whether anything is in them at all."""
    return "\n".join((*container.invocation, *container.literal_env.values()))


def references_of(container: ContainerView) -> Iterator[Reference]:
    """Every loopback port in a container's arguments and literal variables, also as a pair such as DB_HOST and DB_PORT.

    A script that starts something in the background may mean that: it counts for nothing.
    """
    if not names_loopback(settings_text(container)):
        return
    for field in ("command", "args"):
        for index, word in enumerate(container.command if field == "command" else container.args):
            if names_loopback(word) and not starts_something(word):
                for port in asked_ports((word,)):
                    yield Reference(port, (field, index), f"its {field}")
    variables = container.literal_env
    for index, variable in enumerate(container.env):
        name, value = variable.get("name"), variable.get("value")
        if not isinstance(value, str) or not isinstance(name, str) or not names_loopback(value):
            continue
        for port in loopback_ports(value):
            yield Reference(port, ("env", index, "value"), name)
        if _HOST_VARIABLE.search(name) and ":" not in value:
            number = variables.get(_HOST_VARIABLE.sub(_port_name, name), "")
            if number.isdecimal() and 0 < int(number) <= HIGHEST_PORT:
                yield Reference(int(number), ("env", index, "value"), name)


def _port_name(host: re.Match[str]) -> str:
    return "port" if host[0].islower() else "PORT"
