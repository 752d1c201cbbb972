"""What a configuration takes from its container: environment variables, credentials, the memory limit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeGuard

from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.quantity import whole
from sidecarlib.model.resources import Resources
from sidecarlib.sidecars.otel.settings import component_type, section

MEBIBYTE = 2**20
_REFERENCE = re.compile(r"\$\$|\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\}")
_OF_KUBERNETES = re.compile(r"HOSTNAME|PATH|KUBERNETES_.*|[A-Z0-9_]+_SERVICE_(?:HOST|PORT).*|[A-Z0-9_]+_PORT(?:_.*)?")
"""Set in every container by the runtime, or by the kubelet for each Service of the namespace."""

_CREDENTIALS = frozenset(
    {
        "access_token", "api-key", "api_key", "apikey", "authorization", "bearer_token", "client_secret", "dd-api-key",
        "key_pem", "password", "proxy-authorization", "secret_access_key", "token", "x-api-key", "x-honeycomb-team",
    }
)  # fmt: skip


def check_variables(checks: Checks, configuration: Any, known: Collection[str]) -> None:
    """Notes each variable that the configuration reads and the container does not have: the collector takes it for null."""
    for name in dict.fromkeys(_variables(configuration)):
        if name not in known and not _OF_KUBERNETES.fullmatch(name):
            checks.add(
                f"${{env:{name}}} is set nowhere",
                "extra_env",
                f'add EnvVar(name="{name}", …), or give a default with ${{env:{name}:-…}}',
            )


def _variables(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        found = _REFERENCE.finditer(value)
        yield from (match[1] for match in found if match[1] is not None and match[2] is None)
    elif isinstance(value, (Mapping, list, tuple)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _variables(item)


def check_credentials(checks: Checks, configuration: Mapping[str, Any]) -> None:
    """Notes every credential that is written out: the configuration is a ConfigMap, which anybody may read."""
    for kind in ("receivers", "processors", "exporters", "connectors", "extensions", "service"):
        _check_credentials(checks, section(configuration, kind), kind)


def _check_credentials(checks: Checks, value: Any, where: str) -> None:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _check_credentials(checks, item, f"{where}[{index}]")
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        if key.lower() not in _CREDENTIALS or not isinstance(item, str) or not item or "${" in item:
            _check_credentials(checks, item, f"{where}[{key!r}]")
            continue
        scheme, space, _ = item.partition(" ")
        name = re.sub("[^A-Z0-9]+", "_", f"OTEL_{key}".upper())
        checks.add(
            "a credential in a ConfigMap",
            f"{where}[{key!r}]",
            f'write "{scheme + space if space else ""}${{env:{name}}}" and '
            f'extra_env=[EnvVar.secret("{name}", secret=…, key=…)]',
        )


def go_memory_limit(resources: Resources | None, percentage: int | None) -> tuple[EnvVar, ...]:
    """GOMEMLIMIT as a share of the container's memory limit in whole MiB; nothing where one of the two is missing."""
    if percentage is None or not _is_limited(resources):
        return ()
    bytes_of_it = whole(resources.limits["memory"]) * percentage // 100
    return (EnvVar(name="GOMEMLIMIT", value=f"{bytes_of_it // MEBIBYTE}MiB"),)


def _is_limited(resources: Resources | None) -> TypeGuard[Resources]:
    return resources is not None and "memory" in resources.limits


def check_memory_share(checks: Checks, configuration: Mapping[str, Any], resources: Resources | None) -> None:
    """Notes a memory limiter that counts in percent although the container has no limit: it takes the node's memory."""
    for processor, own in section(configuration, "processors").items():
        limiter = section(own)
        if (
            component_type(processor) == "memory_limiter"
            and not _is_limited(resources)
            and not limiter.get("limit_mib")
        ):
            checks.add(
                f"{processor} takes a share of the whole node's memory",
                "resources",
                'write limits={"memory": …}, or give the limiter a "limit_mib"',
            )
