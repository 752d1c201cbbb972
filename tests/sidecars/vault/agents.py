"""Agents to test, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sidecarlib import InvalidValueError, VaultAgentSidecar

URL = "https://vault.example.com:8200"
TEMPLATE = '{{ with secret "secret/data/db" }}{{ .Data.data.key }}{{ end }}'
CONFIG_FILE = "/etc/vault-agent/config.json"


def agent(**options: Any) -> VaultAgentSidecar:
    """An agent that renders one file, unless told otherwise; with `auth` it has no role."""
    given: dict[str, Any] = {"address": URL, "role": "app", "files": {"db": TEMPLATE}, **options}
    if options.get("auth") is not None:
        given.pop("role")
    return VaultAgentSidecar(**given)


def own(configuration: dict[str, Any], **options: Any) -> VaultAgentSidecar:
    """An agent with a configuration of the user's own."""
    return VaultAgentSidecar(config=configuration, **options)


def configured(sidecar: VaultAgentSidecar) -> dict[str, Any]:
    """The configuration that the agent reads."""
    found: dict[str, Any] = json.loads(sidecar.files[CONFIG_FILE])
    return found


def rendered(sidecar: VaultAgentSidecar) -> dict[str, Any]:
    """The container as the manifest has it."""
    return sidecar.container().render()


def volumes(sidecar: VaultAgentSidecar) -> dict[str, dict[str, Any]]:
    """What the agent mounts: path to volume."""
    return {mount.mount_path: mount.volume.render() for mount in sidecar.container().volume_mounts}


def problems(**options: Any) -> str:
    """What an agent of these options is refused for."""
    with pytest.raises(InvalidValueError) as caught:
        agent(**options)
    return str(caught.value)
