"""Credentials of the proxy: none of them in a manifest, and only one kind at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.sidecars.cloud_sql.command_line import CommandLine, read_command_line
from sidecarlib.sidecars.cloud_sql.flags import argument_text
from sidecarlib.sidecars.cloud_sql.own_arguments import flag_of, variable_of

SECRETS = ("token", "json-credentials", "login-token")
"""Flags whose value is a secret."""
EXAMPLE = 'Volume.secret("credentials", secret="…").mount("/secrets", read_only=True)'

_VARIABLE_ALONE = re.compile(r"\$\([^)]+\)")


def check_credentials_file(checks: Checks, value: object) -> None:
    """None, a path, or a file that another sidecar renders; never its content."""
    if value is None or isinstance(value, RenderedFile):
        return
    if isinstance(value, str) and value.lstrip().startswith("{"):
        checks.add("credentials in the manifest", "credentials_file", f"write a path below volume_mounts=[{EXAMPLE}]")
    else:
        checks.path("credentials_file", value)
        if isinstance(value, str) and (instead := argument_text(value)) is not None:
            checks.add(f"invalid path {value!r}", "credentials_file", instead)


def check_mounted(checks: Checks, file: str | RenderedFile | None, directories: Sequence[str]) -> None:
    """Refuses a path in none of the mounted directories: the image has no credentials, and the proxy exits without them."""
    if isinstance(file, str) and not any(PurePosixPath(file).is_relative_to(directory) for directory in directories):
        checks.add(f"nothing is mounted at {file!r}", "credentials_file", f"write volume_mounts=[{EXAMPLE}]")


def check_credentials(
    checks: Checks,
    arguments: Sequence[str],
    variables: Sequence[EnvVar],
    *,
    credentials_file: bool,
    auto_iam_authn: bool,
) -> None:
    """Refuses secrets in the manifest, and credentials that exclude each other."""
    own = read_command_line(arguments)
    _check_secrets(checks, own, variables)
    flags = {*own.flags, *(flag_of(variable.name) or "" for variable in variables)}
    _check_methods(checks, flags, credentials_file=credentials_file, auto_iam_authn=auto_iam_authn)


def _check_secrets(checks: Checks, own: CommandLine, variables: Sequence[EnvVar]) -> None:
    for name in SECRETS:
        variable = variable_of(name)
        instead = f'write extra_env=[EnvVar.secret("{variable}", secret="…", key="…")]'
        if name in own.flags and not _VARIABLE_ALONE.fullmatch(own.flags[name]):
            checks.add(f"--{name} with a secret in the manifest", "extra_args", instead)
        if any(each.name == variable and each.value is not None for each in variables):
            checks.add(f"{variable} with a secret in the manifest", "extra_env", instead)


def _check_methods(checks: Checks, flags: set[str], *, credentials_file: bool, auto_iam_authn: bool) -> None:
    """The proxy exits with 1 for each of these (cmd/root.go, parseConfig)."""
    methods = [f"--{name}" for name in ("token", "json-credentials", "gcloud-auth") if name in flags]
    methods += ["credentials_file"] * credentials_file
    if len(methods) > 1:
        checks.add(f"several credentials: {', '.join(methods)}", "credentials_file", "keep one of them")
    if "token" in flags and auto_iam_authn and "login-token" not in flags:
        checks.add("a token without a login token", "auto_iam_authn", f"add {variable_of('login-token')} to extra_env")
    if "login-token" in flags and not ("token" in flags and auto_iam_authn):
        checks.add(
            "a login token alone", "extra_env", f"add {variable_of('token')} and auto_iam_authn=True, or leave it out"
        )
    if "gcloud-auth" in flags and auto_iam_authn:
        checks.add(
            "--gcloud-auth with auto_iam_authn", "extra_args", "leave it out: application default credentials do"
        )
