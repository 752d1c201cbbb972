"""Proxies to test with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sidecarlib import CloudSqlInstance, CloudSqlProxySidecar, EnvVar, InvalidValueError

NAME = "myproject:us-central1:mydb"
REPOSITORY = "gcr.io/cloud-sql-connectors/cloud-sql-proxy"
ALWAYS = ["--health-check", "--http-address=0.0.0.0", "--http-port=9801"]


def proxy(*instances: str | CloudSqlInstance, **options: Any) -> CloudSqlProxySidecar:
    """A proxy to the given instances, or to one."""
    return CloudSqlProxySidecar(instances or (NAME,), **options)


def rendered(*instances: str | CloudSqlInstance, **options: Any) -> dict[str, Any]:
    """The container of a proxy, as the manifest has it."""
    return proxy(*instances, **options).container().render()


def arguments(*instances: str | CloudSqlInstance, **options: Any) -> list[str]:
    """The arguments of a proxy."""
    found: list[str] = rendered(*instances, **options)["args"]
    return found


def ports(container: dict[str, Any]) -> list[int]:
    """The declared ports."""
    return [port["containerPort"] for port in container["ports"]]


def values(variables: Sequence[EnvVar]) -> dict[str, str | None]:
    """Variables with their values."""
    return {variable.name: variable.value for variable in variables}


def problems(*instances: Any, **options: Any) -> str:
    """What a proxy that is refused says."""
    with pytest.raises(InvalidValueError) as caught:
        proxy(*instances, **options)
    return str(caught.value)
