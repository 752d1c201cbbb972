"""Instances of Cloud SQL, and how the proxy reaches each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sidecarlib.model.checks import Checks

__all__ = ["CloudSqlInstance"]

_CONNECTION_NAME = re.compile(r"(?:[\w.-]+:)?[\w.-]+:[\w-]+:[\w.-]+", re.ASCII)
"""`project:region:instance`, whose project may have a domain in front: looser than Google's own rules."""
_DOMAIN_NAME = re.compile(
    r"(?:[_a-z0-9](?:[_a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)?", re.IGNORECASE
)
"""cloudsqlconn, instance/conn_name.go: a name without a dot is none."""
_FILLED_IN_LATER = re.compile(r"\$\(|\$\{|\{\{")


def instance_name(name: str) -> str | None:
    """What to write instead of `name`, or None; names with `$(…)`, `${…}` or `{{…}}` are left to whoever fills them in."""
    if "?" in name:
        return "write CloudSqlInstance(name=…, port=…) in place of a query"
    if is_filled_in_later(name) or _CONNECTION_NAME.fullmatch(name) or is_domain_name(name):
        return None
    return "write 'project:region:instance', or the instance's DNS name"


def is_filled_in_later(name: str) -> bool:
    """Whether a name has a part that is not known here."""
    return _FILLED_IN_LATER.search(name) is not None


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


def instances_of(checks: Checks, value: object) -> tuple[CloudSqlInstance, ...]:
    """The instances of a sidecar: connection names stand for instances without options of their own."""
    found: list[CloudSqlInstance] = []
    for index, item in enumerate(checks.items("instances", value)):
        if isinstance(item, CloudSqlInstance):
            found.append(item)
        elif not isinstance(item, str) or not item:
            checks.add(
                f"{item!r} is no instance",
                f"instances[{index}]",
                "write 'project:region:instance' or a CloudSqlInstance",
            )
        elif (instead := instance_name(item)) is not None:
            checks.add(f"invalid instance {item!r}", f"instances[{index}]", instead)
        else:
            found.append(CloudSqlInstance(name=item))
    if not found and not checks.noted:
        checks.add("no instance", "instances", 'write ["project:region:instance"]')
    return tuple(found)


def check_routes(
    checks: Checks, instances: Sequence[CloudSqlInstance], *, private_ip: bool, psc: bool, auto_ip: bool
) -> None:
    """Refuses an instance given twice, ways that exclude each other, and one that the proxy would silently not take."""
    if private_ip and (psc or auto_ip):
        other = "psc" if psc else "auto_ip"
        checks.add(f"private_ip and {other}", "private_ip", "keep one; write an exception in its CloudSqlInstance")
    for instance in dict.fromkeys(each for index, each in enumerate(instances) if each in instances[:index]):
        checks.add(f"{instance.name!r} is written twice", "instances", "keep one, or give one another port")
    for instance in instances:
        if private_ip and instance.psc:
            instead = "write it in each CloudSqlInstance instead"
            checks.add(f"private_ip wins over psc of {instance.name!r}", "private_ip", instead)
        if auto_ip and instance.private_ip:
            checks.add(f"auto_ip and private_ip of {instance.name!r}", "auto_ip", "leave one of the two out")
