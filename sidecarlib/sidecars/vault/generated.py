"""The agent's configuration out of the sidecar's options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sidecarlib.sidecars.vault.authentication import VaultAuth
from sidecarlib.sidecars.vault.tls import VaultTls
from sidecarlib.sidecars.vault.written_files import VaultTemplate

FOR_EVER = 2**31 - 1
"""`num_retries` of an agent that never gives up on a secret: 0 stands for Vault's default of 12, -1 for none at all."""


def generated(
    *,
    address: str | None,
    auth: VaultAuth,
    namespace: str | None,
    tls: VaultTls | None,
    templates: Sequence[tuple[str, VaultTemplate]],
    sink: Mapping[str, Any] | None,
    listener_port: int | None,
    use_auto_auth_token: bool | str,
    cache: bool,
    static_secret_render_interval: str,
    exit_on_retry_failure: bool,
    max_retries: int | None,
    min_backoff: str | None,
    max_backoff: str,
    exit_on_err: bool,
    log_level: str,
    log_format: str,
) -> dict[str, Any]:
    """The whole configuration; each template comes with its absolute path, the sink is rendered.

    Without a limit on retries and with `error_fatal` off, nothing but a failing `command` of a template makes the agent
    sleep where it would not hear SIGTERM.
    """
    vault: dict[str, Any] = {} if address is None else {"address": address}
    if namespace is not None:
        vault["namespace"] = namespace
    if tls is not None:
        vault |= tls.settings()
    retries = _num_retries(max_retries, exit_on_retry_failure=exit_on_retry_failure)
    if retries is not None:
        vault["retry"] = {"num_retries": retries}
    login: dict[str, Any] = {"method": [_method(auth, min_backoff, max_backoff, exit_on_err=exit_on_err)]}
    if sink is not None:
        login["sink"] = [sink]
    configuration: dict[str, Any] = {"vault": vault, "auto_auth": login}
    configuration["template_config"] = {
        "static_secret_render_interval": static_secret_render_interval,
        "exit_on_retry_failure": exit_on_retry_failure,
    }
    if templates:
        fatal = exit_on_retry_failure
        configuration["template"] = [each.render(path, error_fatal=fatal) for path, each in templates]
    if listener_port is not None:
        address = f"127.0.0.1:{listener_port}"
        configuration["listener"] = [{"type": "tcp", "address": address, "tls_disable": True}]
        configuration["api_proxy"] = {"use_auto_auth_token": use_auto_auth_token}
    if cache:
        configuration["cache"] = {}
    return {**configuration, "log_level": log_level, "log_format": log_format}


def _method(auth: VaultAuth, min_backoff: str | None, max_backoff: str, *, exit_on_err: bool) -> dict[str, Any]:
    method = auth.method()
    config = method.pop("config")
    if min_backoff is not None:
        method["min_backoff"] = min_backoff
    method["max_backoff"] = max_backoff
    if exit_on_err:
        method["exit_on_err"] = True
    return {**method, "config": config}


def _num_retries(max_retries: int | None, *, exit_on_retry_failure: bool) -> int | None:
    if max_retries is None:
        return None if exit_on_retry_failure else FOR_EVER
    return max_retries or -1
