"""Instances of Cloud SQL, and where the proxy serves each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from sidecarlib.model.checks import Checks

__all__ = ["CloudSqlInstance"]

LARGEST_PORT = 65535
LONGEST_SOCKET_PATH = 107
"""Bytes of a socket's path in Linux (sun_path, 108 with the zero at its end)."""

_CONNECTION_NAME = re.compile(r"(?:[\w.-]+:)?[\w.-]+:[\w-]+:[\w.-]+", re.ASCII)
"""`project:region:instance`, whose project may have a domain in front: looser than Google's own rules."""
_DOMAIN_NAME = re.compile(r"(?:[_a-z0-9](?:[_a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)?", re.IGNORECASE)
"""cloudsqlconn, instance/conn_name.go: a name without a dot is none."""
_FILLED_IN_LATER = re.compile(r"\$\(|\$\{|\{\{")


def instance_name(name: str) -> str | None:
    """What to write instead of `name`, or None; names with `$(…)`, `${…}` or `{{…}}` are left to whoever fills them in."""
    if "?" in name:
        return "write CloudSqlInstance(name=…, port=…) in place of a query"
    if _FILLED_IN_LATER.search(name) or _CONNECTION_NAME.fullmatch(name) or is_domain_name(name):
        return None
    return "write 'project:region:instance', or the instance's DNS name"


def is_domain_name(name: str) -> bool:
    """Whether an instance is given by its DNS name."""
    return _DOMAIN_NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudSqlInstance:
    """One instance with options of its own: `CloudSqlInstance(name="project:region:instance", port=6432)`.

    `name` is the connection name or a DNS name of the instance. `port` on 127.0.0.1; None takes the sidecar's next one.
    `unix_socket` is an absolute directory for a socket instead of a port. The others override the sidecar's option of the
    same name; None takes the sidecar's. Raises `InvalidValueError`.
    """

    name: str
    port: int | None = None
    unix_socket: str | None = None
    auto_iam_authn: bool | None = None
    private_ip: bool | None = None
    psc: bool | None = None

    def __post_init__(self) -> None:
        checks = Checks(f"CloudSqlInstance {self.name!r}")
        checks.text("name", self.name, syntax=instance_name)
        if self.port is not None:
            checks.port("port", self.port)
        if self.unix_socket is not None:
            checks.path("unix_socket", self.unix_socket)
        for option in ("auto_iam_authn", "private_ip", "psc"):
            checks.flag(option, getattr(self, option))
        if self.port is not None and self.unix_socket is not None:
            checks.add("a port and a socket", "port, unix_socket", "leave one of the two out")
        if self.private_ip is not None and self.psc is not None:
            checks.add("private_ip and psc, which the proxy refuses", "private_ip, psc", "leave one of the two out")
        checks.raise_if_any()


class Endpoint(NamedTuple):
    """Where an instance is served: a port on 127.0.0.1, or the path of a socket in a directory."""

    instance: CloudSqlInstance
    port: int | None
    directory: str | None

    @property
    def socket(self) -> str:
        """The socket itself for MySQL, for PostgreSQL the directory that its clients take for a host."""
        return f"{self.directory}/{self.instance.name}"

    def argument(self) -> str:
        """The instance as an argument of the proxy."""
        instance = self.instance
        options: dict[str, Any] = {
            "port": instance.port,
            "unix-socket": None if self.directory is None else quote(self.directory),
            "auto-iam-authn": instance.auto_iam_authn,
            "private-ip": instance.private_ip,
            "psc": instance.psc,
        }
        # bool is written as the proxy reads it, true or false
        query = "&".join(f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in options.items() if value is not None)
        return f"{instance.name}?{query}" if query else instance.name


def instances_of(checks: Checks, value: object) -> tuple[CloudSqlInstance, ...]:
    """The instances of a sidecar: connection names stand for instances without options of their own."""
    found: list[CloudSqlInstance] = []
    for index, item in enumerate(checks.items("instances", value)):
        if isinstance(item, CloudSqlInstance):
            found.append(item)
        elif not isinstance(item, str) or not item:
            checks.add(f"{item!r} is no instance", f"instances[{index}]", "write 'project:region:instance' or a CloudSqlInstance")
        elif (instead := instance_name(item)) is not None:
            checks.add(f"invalid instance {item!r}", f"instances[{index}]", instead)
        else:
            found.append(CloudSqlInstance(name=item))
        if found and found[-1] in found[:-1]:
            checks.add(f"{found[-1].name!r} is written twice", f"instances[{index}]", "keep one, or give one another port")
    return tuple(found)


def endpoints(instances: Sequence[CloudSqlInstance], port: int, unix_socket: str | None) -> Iterator[Endpoint]:
    """Where each instance is served, numbered as the proxy does it: one with a port of its own takes no number away."""
    for instance in instances:
        directory = instance.unix_socket or (unix_socket if instance.port is None else None)
        if directory is not None:
            yield Endpoint(instance, None, directory.rstrip("/") or "/")
        elif instance.port is not None:
            yield Endpoint(instance, instance.port, None)
        else:
            yield Endpoint(instance, port, None)
            port += 1


def check_endpoints(checks: Checks, found: Sequence[Endpoint], others: dict[str, int]) -> None:
    """Every port once, all of them valid, every socket at a path that the kernel takes; `others` are ports by their option."""
    taken = {number: option for option, number in others.items()}
    if len(taken) != len(others):
        checks.add(f"{' and '.join(others)} are one port", next(iter(others)), "write another port for one of them")
    for endpoint in found:
        name = endpoint.instance.name
        if endpoint.port is None:
            _check_socket(checks, endpoint)
        elif endpoint.port > LARGEST_PORT:
            checks.add(f"port {endpoint.port} for {name!r}", "port", f"start lower, so that none is above {LARGEST_PORT}")
        elif (other := taken.setdefault(endpoint.port, repr(name))) != repr(name):
            checks.add(f"port {endpoint.port} is {other} and {name!r}", "instances", "write another port for one of them")


def _check_socket(checks: Checks, endpoint: Endpoint) -> None:
    if len(endpoint.socket.encode()) > LONGEST_SOCKET_PATH:
        checks.add(
            f"socket {endpoint.socket!r} is longer than {LONGEST_SOCKET_PATH} bytes",
            "unix_socket",
            "write a shorter directory; PostgreSQL adds 16 bytes more",
        )
    if _FILLED_IN_LATER.search(endpoint.instance.name):
        checks.add(f"no path is known for the socket of {endpoint.instance.name!r}", "instances", "write the name itself, or use a port")
