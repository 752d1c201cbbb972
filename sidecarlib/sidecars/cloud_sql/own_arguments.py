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


def check_own_arguments(checks: Checks, arguments: Sequence[str], variables: Sequence[EnvVar]) -> None:
    """Refuses what an option stands for already."""
    own = read_command_line(arguments)
    names = [variable.name for variable in variables]
    for argument in own.arguments:
        checks.add(f"argument {argument!r}", "extra_args", "write it in instances; a flag's value as --flag=value")
    for name, option in OPTIONS.items():
        if name in own.flags:
            checks.add(f"--{name} is an option", "extra_args", f"write {option}=…")
        if variable_of(name) in names:
            checks.add(
                f"{variable_of(name)} is an option", "extra_env", f"write {option}=…; $(NAME) in it is a variable"
            )
    for name in names:
        if name.startswith(INSTANCES_PREFIX):
            checks.add(f"{name} has no effect beside instances", "extra_env", "write the instance in instances")
