"""The ports that a hand-written container of the proxy binds to loopback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import parse_qs

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.sidecars.cloud_sql.command_line import CommandLine, is_true, read_command_line
from sidecarlib.sidecars.cloud_sql.own_arguments import INSTANCES_PREFIX, variable_of

PROGRAM = "cloud-sql-proxy"
DEFAULTS = {
    "address": "127.0.0.1",
    "port": "0",
    "unix-socket": "",
    "fuse": "",
    "health-check": "false",
    "prometheus": "false",
    "http-address": "localhost",
    "http-port": "9090",
    "debug": "false",
    "quitquitquit": "false",
    "admin-port": "9091",
}
"""As `cloud-sql-proxy --help` of 2.27.0 prints them."""
ENGINE_PORTS = (5432, 3306, 1433)
"""Where PostgreSQL, MySQL and SQL Server are served without `--port`: the proxy asks Google which it is."""

_END_OF_COMMAND = re.compile(r"[;&|]+")
_REFERENCE = re.compile(r"\$\(([^)]+)\)")


def loopback_ports(container: ContainerView) -> frozenset[int]:
    """The ports that the proxy is certain to bind to loopback alone, or, where nobody wrote a port, could only bind there.

    What comes from a configuration file, a Secret or a ConfigMap is not known and leads to no claim.
    """
    words = _words(container)
    line = read_command_line(words or ())
    if words is None or line.arguments[:1] in {("wait",), ("shutdown",)}:
        return frozenset()
    settings = Settings(line, container)
    return frozenset({*_database_ports(settings), *_server_ports(settings)})


class Settings(NamedTuple):
    """What a container tells the proxy: by flags, then by variables, then nothing."""

    line: CommandLine
    container: ContainerView

    def get(self, name: str) -> str | None:
        """The value of a flag, its default where nobody set it, None where it cannot be known."""
        if name in self.line.flags:
            return self.expand(self.line.flags[name])
        variable = variable_of(name)
        if any(each.get("name") == variable for each in self.container.env):
            literal = self.container.literal_env.get(variable)
            return None if literal is None or "$" in literal else literal or DEFAULTS[name]
        return None if self._elsewhere() else DEFAULTS[name]

    def instances(self) -> tuple[str, ...]:
        """The instances, from the arguments or from the variables; empty where a file may hold them."""
        if self.line.arguments:
            return tuple(self.expand(argument) or argument for argument in self.line.arguments)
        if self._elsewhere():
            return ()
        literals = self.container.literal_env
        names = [
            str(each.get("name")) for each in self.container.env if str(each.get("name")).startswith(INSTANCES_PREFIX)
        ]
        return tuple(literals.get(name, "") for name in names)

    def expand(self, text: str) -> str | None:
        """A text with its $(NAME) filled in, None where one is not known; what only a shell would fill in is not known either."""
        literals = self.container.literal_env
        expanded = _REFERENCE.sub(lambda match: literals.get(match[1], match[0]), text)
        return None if "$" in expanded else expanded

    def _elsewhere(self) -> bool:
        return "config-file" in self.line.flags or bool(self.container.get("envFrom"))


def _words(container: ContainerView) -> Sequence[str] | None:
    """The words behind the program's name, None where something else is run."""
    if not container.command:
        return container.args
    words = [part for word in container.invocation for part in _split(word)]
    start = next((index for index, word in enumerate(words) if word.rpartition("/")[2] == PROGRAM), None)
    if start is None:
        return None
    behind = words[start + 1 :]
    end = next((index for index, word in enumerate(behind) if _END_OF_COMMAND.fullmatch(word)), len(behind))
    return behind[:end]


def _split(word: str) -> list[str]:
    """The words of a shell's command line, or the word itself."""
    return [part.strip("'\"") for part in word.split()] if " " in word else [word]


def _database_ports(settings: Settings) -> set[int]:
    address, first, sockets = settings.get("address"), settings.get("port"), settings.get("unix-socket")
    if sockets is None and "port" in settings.line.flags:
        sockets = ""  # the proxy does not start with both
    found: set[int] = set()
    if settings.get("fuse") != "":
        return found
    numbered = 0
    for instance in settings.instances():
        own = {key: values[-1] for key, values in parse_qs(instance.partition("?")[2], keep_blank_values=True).items()}
        if "unix-socket" in own or "unix-socket-path" in own:
            continue
        if not own.keys() & {"address", "port"} and sockets != "":
            continue
        on_loopback = _is_loopback(own.get("address", address))
        if "port" in own:
            candidates = [own["port"]]
        else:
            candidates = _numbers(first, numbered)
            numbered += 1
        if on_loopback:
            found |= {int(port) for port in candidates if port.isdecimal()}
    return found


def _numbers(first: str | None, index: int) -> list[str]:
    """What the instance at an index among those without a port of their own may be served on."""
    if first is None or not first.isdecimal():
        return []
    return [str(port + index) for port in ((int(first),) if int(first) else ENGINE_PORTS)]


def _server_ports(settings: Settings) -> set[int]:
    """The ports of the health and metrics server, and of the admin server, which is on loopback whatever is said."""
    found: set[str | None] = set()
    if _any_is_true(settings, "health-check", "prometheus") and _is_loopback(settings.get("http-address")):
        found.add(settings.get("http-port"))
    if _any_is_true(settings, "debug", "quitquitquit"):
        found.add(settings.get("admin-port"))
    return {int(port) for port in found if port is not None and port.isdecimal()}


def _any_is_true(settings: Settings, *names: str) -> bool:
    return any(is_true(settings.get(name) or "") for name in names)


def _is_loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address or "0.0.0.0").is_loopback  # noqa: S104 - nothing is bound here
    except ValueError:
        return False
