"""What the manifest of a Vault container that somebody else wrote tells about the ports it binds to loopback."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.sidecars.vault.configuration import DEFAULT_LISTENER, listeners

_DEVELOPMENT = frozenset({"-dev", "--dev"})
_ADDRESS_FLAGS = ("-dev-listen-address", "--dev-listen-address")
_ADDRESS_VARIABLE = "VAULT_DEV_LISTEN_ADDRESS"
_CONFIGURATION_VARIABLE = "VAULT_CONFIG"


def loopback_ports(container: ContainerView) -> frozenset[int]:
    """The ports that a Vault program is certain to bind to 127.0.0.1.

    Two things tell: a configuration in the variable VAULT_CONFIG (base64, decoded by the command, as vault-k8s writes
    it), and `vault server -dev` past the image's entrypoint, which would have it listen on 0.0.0.0.
    """
    words = container.invocation
    if "server" in words and not _DEVELOPMENT.isdisjoint(words):
        block = {"type": "tcp", "address": _development_address(container)}
        found = listeners({"listener": block}) if block["address"] else ()
    elif any(_CONFIGURATION_VARIABLE in word for word in words):
        found = listeners(_configuration(container.literal_env.get(_CONFIGURATION_VARIABLE)))
    else:
        return frozenset()
    return frozenset(listener.port for listener in found if listener.on_loopback)


def _development_address(container: ContainerView) -> str:
    """Where a server in development mode listens, empty when the manifest does not tell."""
    if not container.command or container.command[0].rpartition("/")[2] != "vault":
        return ""
    words = container.invocation
    for word, following in zip(words, (*words[1:], ""), strict=True):
        flag, equals, value = word.partition("=")
        if flag in _ADDRESS_FLAGS:
            return value if equals else following
    if any(variable.get("name") == _ADDRESS_VARIABLE for variable in container.env):
        return container.literal_env.get(_ADDRESS_VARIABLE, "")
    return DEFAULT_LISTENER


def _configuration(encoded: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(base64.b64decode(encoded or "", validate=True))
    except (binascii.Error, ValueError):
        return {}
    return found if isinstance(found, Mapping) else {}
