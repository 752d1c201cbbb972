"""The checks of an agent's options, each on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.image import tag
from sidecarlib.model.quantity import quantity_problem
from sidecarlib.sidecars.vault.authentication import VaultAuth
from sidecarlib.sidecars.vault.syntax import absolute_path, duration
from sidecarlib.sidecars.vault.tls import VaultTls
from sidecarlib.sidecars.vault.written_files import VaultSink

BROKEN_VERSIONS = frozenset({"2.0.1", "1.21.6", "1.20.11", "1.19.17"})
"""Their program carries the file capability cap_ipc_lock: the kernel does not start it where all capabilities are
dropped (Vault's important changes, "Docker image requires IPC_LOCK capability", all editions; hashicorp/vault#31977).
"""

_ADDRESS = re.compile(r"https?://[^\s/]+\S*|unix:///\S+")
_CREDENTIALS = frozenset({"VAULT_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_FLAGS = ("exit_on_retry_failure", "exit_on_err", "cache")
_DURATIONS = ("client_timeout", "static_secret_render_interval", "max_backoff", "min_backoff")


def check_options(checks: Checks, options: Any) -> None:
    """Notes what is wrong with the options that only an agent of Vault has: all but its files, login and config."""
    for name in _FLAGS:
        checks.flag(name, getattr(options, name))
    for name in _DURATIONS:
        if (value := getattr(options, name)) is not None:
            checks.text(name, value, syntax=duration)
    checks.optional_text("namespace", options.namespace)
    checks.instance("tls", options.tls, VaultTls, "VaultTls")
    checks.instance("sink", options.sink, VaultSink, "VaultSink")
    checks.optional_integer("max_retries", options.max_retries)
    if options.listener_port is not None:
        checks.port("listener_port", options.listener_port)
    if options.use_auto_auth_token != "force":  # noqa: S105 - a mode
        checks.flag("use_auto_auth_token", options.use_auto_auth_token)
    checks.choice("log_level", options.log_level, ("trace", "debug", "info", "warn", "error"))
    checks.choice("log_format", options.log_format, ("standard", "json"))
    checks.text("secrets_directory", options.secrets_directory, syntax=absolute_path)
    limit = options.secrets_size_limit
    if limit is not None and (instead := quantity_problem(limit)) is not None:
        checks.add(f"invalid secrets_size_limit {limit!r}", "secrets_size_limit", instead)


def check_container(checks: Checks, image: str, arguments: Sequence[str], variables: Sequence[EnvVar]) -> None:
    """Notes an image that cannot start, arguments that end the agent, and credentials as text."""
    version = (tag(image) or "").partition("-")[0].removeprefix("v") if isinstance(image, str) else ""
    if version in BROKEN_VERSIONS:
        checks.add(f"Vault {version} does not start without the capability IPC_LOCK", "image", "write the next version")
    for argument in arguments:
        if isinstance(argument, str) and argument.lstrip("-").partition("=")[0] == "exit-after-auth":
            instead = "leave it out: Kubernetes would start the agent again and again"
            checks.add("an agent that ends after its login", "extra_args", instead)
    for variable in variables:
        if variable.name in _CREDENTIALS and variable.value is not None:
            instead = f'write EnvVar.secret("{variable.name}", secret="…", key="…")'
            checks.add("a credential as text", f"extra_env[{variable.name!r}]", instead)


def check_connection(checks: Checks, options: Any, variables: Sequence[EnvVar]) -> None:
    """Notes a missing or doubtful address, login or role."""
    address, in_variable = options.address, any(variable.name == "VAULT_ADDR" for variable in variables)
    if address is None and not in_variable:
        checks.add("no address", "address", "write the server's, such as 'https://vault.example.com:8200'")
    elif address is not None and in_variable:
        checks.add("two addresses, of which the agent takes the variable", "address", "leave one of the two out")
    elif address is not None:
        checks.text("address", address, syntax=_address)
    if options.auth is None:
        checks.text("role", options.role) if options.role is not None else checks.add(
            "no login", "role, auth", "write the Vault role of the kubernetes login, or auth=VaultAppRoleAuth(…)"
        )
        return
    checks.instance("auth", options.auth, VaultAuth, "VaultKubernetesAuth, VaultAppRoleAuth or VaultJwtAuth")
    if options.role is not None:
        checks.add("a role beside auth", "role", "write it into auth")
    covered = [mount.mount_path.rstrip("/") + "/" for mount in options.volume_mounts]
    files = options.auth.unmounted() if isinstance(options.auth, VaultAuth) else {}
    for option, path in files.items():
        if not path.startswith(tuple(covered)):
            instead = "mount it with volume_mounts=[volume.mount(…)]"
            checks.add(f"nothing is mounted at {path!r}", f"auth.{option}", instead)


def _address(text: str) -> str | None:
    return None if _ADDRESS.fullmatch(text) else "write a scheme, a host and a port: 'https://vault.example.com:8200'"
