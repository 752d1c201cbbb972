"""What users add to the proxy's command line and its variables."""

from __future__ import annotations

from collections.abc import Sequence

from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.sidecars.cloud_sql.command_line import read_command_line
from sidecarlib.sidecars.cloud_sql.flags import OPTIONS

PREFIX = "CSQL_PROXY_"
INSTANCES_PREFIX = f"{PREFIX}INSTANCE_CONNECTION_NAME"


def variable_of(flag: str) -> str:
    """The variable that sets a flag; flags win."""
    return PREFIX + flag.upper().replace("-", "_")


def flag_of(variable: str) -> str | None:
    """The flag that a variable sets, None for any other variable."""
    return variable.removeprefix(PREFIX).lower().replace("_", "-") if variable.startswith(PREFIX) else None


def check_own_arguments(checks: Checks, arguments: Sequence[str], variables: Sequence[EnvVar]) -> None:
    """Refuses what an option stands for already."""
    own = read_command_line(arguments)
    for argument in own.arguments:
        checks.add(f"argument {argument!r}", "extra_args", "write it in instances; a flag's value as --flag=value")
    for flag in own.flags:
        if flag in OPTIONS:
            checks.add(f"--{flag} is an option", "extra_args", f"write {OPTIONS[flag]}=…")
    for variable in variables:
        option = OPTIONS.get(flag_of(variable.name) or "")
        if option is not None:
            instead = f"write {option}=…; $(NAME) in it is the variable NAME"
            checks.add(f"{variable.name} is an option", "extra_env", instead)
        if variable.name.startswith(INSTANCES_PREFIX):
            checks.add(f"{variable.name} has no effect beside instances", "extra_env", "write it in instances")
