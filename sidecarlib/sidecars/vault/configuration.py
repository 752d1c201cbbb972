"""The agent's configuration file: how it is written so that the agent reads it as it is meant, and what one says.

The agent reads JSON with the reader of HCL 1, whose oddities this file knows (measured with Vault 1.21.0).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import thaw

DEFAULT_LISTENER = "127.0.0.1:8200"
"""Where a listener without an address binds (agentproxyshared/cache/listener.go)."""

_CREDENTIALS = frozenset({"circonus_api_token", "secret_id", "secret_key", "session_token"})
_SINGLE = ("auto_auth", "cache", "vault")
"""Blocks that a configuration has once, and that have blocks of their own inside."""
_LABELS = frozenset({"tcp", "unix"})


@dataclass(frozen=True, slots=True)
class Listener:
    """An address that an agent serves."""

    host: str
    port: int
    scheme: str

    @property
    def on_loopback(self) -> bool:
        """Whether only the Pod itself reaches it."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    @property
    def url(self) -> str:
        """How a container of the Pod reaches it."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


def as_json(configuration: Mapping[str, Any]) -> str:
    """The text of a configuration.

    An object whose values are all objects is taken for several blocks of one name, which refuses `auto_auth.method`
    and loses `cache.persist` without a word; lists of one object are read as meant. Nothing is escaped that need not
    be: the reader takes no surrogate pairs.
    """
    blocks = {key: _block(value) if key in _SINGLE else value for key, value in thaw(configuration).items()}
    return json.dumps(blocks, indent=2, ensure_ascii=False) + "\n"


def destinations(configuration: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths that an agent writes: templates, then sinks."""
    templates = [block.get("destination") for block in _blocks(configuration.get("template"))]
    login = _blocks(configuration.get("auto_auth"))
    sinks = [sink for block in login for sink in _blocks(block.get("sink"))]
    paths = [config.get("path") for sink in sinks for config in _blocks(sink.get("config"))]
    return tuple(path for path in (*templates, *paths) if isinstance(path, str))


def listeners(configuration: Mapping[str, Any]) -> tuple[Listener, ...]:
    """The TCP addresses that an agent serves; those without a port number are left out."""
    return tuple(_listeners(configuration))


def check_configuration(checks: Checks, field: str, configuration: Mapping[str, Any]) -> None:
    """Notes an agent that ends by itself, credentials as text, and two files at one path."""
    if configuration.get("exit_after_auth") not in {None, False}:
        instead = "leave it out: Kubernetes would start the agent again and again"
        checks.add("an agent that ends after its login", f"{field}.exit_after_auth", instead)
    for path, key in _keys(configuration, field):
        if key in _CREDENTIALS:
            instead = (
                "write extra_env=[EnvVar.secret(…)] for a variable that the agent reads, or a file of a Secret volume"
            )
            checks.add("a credential as text", path, instead)
    paths = destinations(configuration)
    for path in dict.fromkeys(path for path in paths if paths.count(path) > 1):
        checks.add(f"two files at {path!r}", "files", "give one of them another destination")


def _block(value: Any) -> Any:
    if isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
        return {key: [item] for key, item in value.items()}
    return value


def _blocks(value: Any) -> Iterator[Mapping[str, Any]]:
    """The blocks of one name, however they are written: an object, a list, or under the label that is their type."""
    for block in value if isinstance(value, (list, tuple)) else (value,):
        if not isinstance(block, Mapping):
            continue
        if block.keys() <= _LABELS and block:
            for label, inner in block.items():
                yield from ({"type": label, **each} for each in _blocks(inner))
        else:
            yield block


def _listeners(configuration: Mapping[str, Any]) -> Iterator[Listener]:
    for block in _blocks(configuration.get("listener")):
        if block.get("type") != "tcp":
            continue
        host, _, port = str(block.get("address") or DEFAULT_LISTENER).rpartition(":")
        if port.isdecimal() and 0 < int(port) < 2**16:
            plain = str(block.get("tls_disable")).lower() in {"true", "1"}
            yield Listener(host.strip("[]"), int(port), "http" if plain else "https")


def _keys(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, str):
                yield f"{where}.{key}", key
            yield from _keys(item, f"{where}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _keys(item, f"{where}[{index}]")
