"""Where the proxy serves each instance: on a port of loopback, or on a socket in a directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from sidecarlib.model.checks import Checks
from sidecarlib.sidecars.cloud_sql.instance import CloudSqlInstance, is_filled_in_later

LARGEST_PORT = 65535
LONGEST_SOCKET_PATH = 107
"""Bytes of a socket's path in Linux: sun_path has 108, one of them for the zero at the end."""


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
        query = "&".join(
            f"{key}={str(value).lower() if isinstance(value, bool) else value}"
            for key, value in options.items()
            if value is not None
        )
        return f"{instance.name}?{query}" if query else instance.name


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


def check_endpoints(checks: Checks, found: Sequence[Endpoint], others: Mapping[str, int]) -> None:
    """Every port and socket once, all of them valid; `others` are further ports by their option."""
    taken: dict[int | str, str] = {}
    places = [*others.items(), *((repr(each.instance.name), each.port or each.socket) for each in found)]
    for what, place in places:
        if isinstance(place, int) and place > LARGEST_PORT:
            checks.add(f"port {place} for {what}", "port", f"start lower, so that none is above {LARGEST_PORT}")
        if place in taken:
            checks.add(
                f"{place} is for {taken[place]} and for {what}", "instances", "write another port for one of them"
            )
        taken.setdefault(place, what)
    for endpoint in found:
        if endpoint.port is None:
            _check_socket(checks, endpoint)


def _check_socket(checks: Checks, endpoint: Endpoint) -> None:
    if endpoint.directory == "/":
        checks.add(
            "'/' is no directory of its own",
            "unix_socket",
            "write one that the image does not have, such as '/cloudsql'",
        )
    if len(endpoint.socket.encode()) > LONGEST_SOCKET_PATH:
        checks.add(
            f"socket {endpoint.socket!r} is longer than {LONGEST_SOCKET_PATH} bytes",
            "unix_socket",
            "write a shorter directory; PostgreSQL adds 14 bytes more",
        )
    if is_filled_in_later(endpoint.instance.name):
        checks.add(
            f"no path is known for the socket of {endpoint.instance.name!r}",
            "instances",
            "write the name itself, or use a port",
        )
