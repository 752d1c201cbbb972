"""The ports that a container serves, and those that its flags bind to loopback, out of reach of the kubelet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.rules.frame.references import asked_ports, names_loopback, settings_text
from sidecarlib.sidecars.frame.catalogue import product_of

_BINDS = re.compile(
    r"listen|bind|^(?:addr|address)$|^(?:http|https|web|grpc|admin|metrics|health|probe)[-_.]?(?:addr|address)$",
    re.IGNORECASE,
)
"""Names of flags that say where a program listens. `--host`, `--endpoint` and the like more often say where it connects."""
_SHORT_BINDS = frozenset({"b"})  # gunicorn, hypercorn and many like them
_BINDING_VARIABLE = re.compile(r"LISTEN|BIND", re.IGNORECASE)
_ADDRESS_PART = re.compile(r"(?:address|addr|host|bind|listen)$", re.IGNORECASE)
_LISTEN_ADDRESS_PART = re.compile(r"(?:listen|bind)[-_.]?(?:address|addr|host)$", re.IGNORECASE)
_LOOPBACK_HOST = re.compile(r"(?:[a-z]+://)?(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?)(?::(\d{1,5}))?/?")


def port_of(container: ContainerView, port: int | str | None) -> int | None:
    """The number behind a port of a probe or hook: a name is looked up among the container's own ports, as the kubelet does."""
    return container.named_ports.get(port) if isinstance(port, str) else port


def loopback_bindings(container: ContainerView) -> dict[int, str]:
    """The ports that listen flags and variables bind to loopback, and to nothing else, with the text that says so."""
    everything = settings_text(container)
    if not names_loopback(everything) and "::1" not in everything:
        return {}
    found: dict[int, str] = {}
    elsewhere: set[int] = set()
    for name, value, text in _settings(container):
        match = _LOOPBACK_HOST.fullmatch(value)
        if match is None:
            tail = value.rpartition(":")[2]
            if ":" in value and tail.isdecimal():
                elsewhere.add(int(tail))
            continue
        number = match[1] or _companion(name, container)
        if number is not None and number.isdecimal():
            found.setdefault(int(number), text)
    return {port: text for port, text in found.items() if port not in elsewhere}


def serves(container: ContainerView, port: int) -> bool:
    """Whether a container says that it listens on a port: it declares it, binds it by a flag, or its product is known to."""
    if port in container.port_numbers:
        return True
    product = product_of(container.image)
    if product is not None and port in product.loopback_ports(container):
        return True
    return port in loopback_bindings(container)


def may_serve(container: ContainerView, port: int) -> bool:
    """Whether a container may listen on a port: it certainly does, or is told the number other than to connect there."""
    if serves(container, port):
        return True
    number = str(port)
    told = [*((word, word) for word in container.invocation), *container.literal_env.items()]
    return any(_tells_to_listen(name, value, number) for name, value in told if number in value)


def _tells_to_listen(name: str, value: str, number: str) -> bool:
    if re.search(rf"(?<!\d){number}(?!\d)", value) is None:
        return False
    return int(number) not in asked_ports((value,)) or _BINDS.search(name.partition("=")[0]) is not None


def _settings(container: ContainerView) -> Iterator[tuple[str, str, str]]:
    """Name, value and text of every flag and variable that says where to listen."""
    words = _words(container)
    for index, word in enumerate(words):
        if not word.startswith("-"):
            continue
        name, separator, value = word.lstrip("-").partition("=")
        if not separator:
            value = words[index + 1] if index + 1 < len(words) else ""
        if name in _SHORT_BINDS or _BINDS.search(name):
            yield name, value.strip("'\""), f"{word} {value}" if not separator else word
    for name, value in container.literal_env.items():
        if _BINDING_VARIABLE.search(name):
            yield name, value, f"{name}={value}"


def _companion(name: str, container: ContainerView) -> str | None:
    """The port that belongs to an address without one: `--http-port` for `--http-address`, `-p` for `-b`."""
    port = "PORT" if name.isupper() else "port"
    wanted = {pattern.sub(port, name) for pattern in (_ADDRESS_PART, _LISTEN_ADDRESS_PART)}
    if name in _SHORT_BINDS or wanted & {"port"}:
        wanted |= {"p", "port"}
    wanted.discard(name)
    words = _words(container)
    for index, word in enumerate(words):
        flag, separator, value = word.lstrip("-").partition("=")
        if word.startswith("-") and flag in wanted:
            return value if separator else words[index + 1] if index + 1 < len(words) else None
    return next((value for key, value in container.literal_env.items() if key in wanted), None)


def _words(container: ContainerView) -> list[str]:
    """The words of the invocation, those of a script one by one."""
    return [part for word in container.invocation for part in (word.split() if " " in word else (word,))]
