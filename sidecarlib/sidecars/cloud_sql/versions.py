"""Which version of the proxy has what.

Source: CHANGELOG.md of github.com/GoogleCloudPlatform/cloud-sql-proxy, to version 2.27.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sidecarlib.model.checks import Checks
from sidecarlib.model.image import repository, tag
from sidecarlib.model.probe import Probe
from sidecarlib.sidecars.cloud_sql.command_line import read_command_line
from sidecarlib.sidecars.cloud_sql.flags import OPTIONS
from sidecarlib.sidecars.cloud_sql.instance import is_domain_name

Version = tuple[int, int, int]

SINCE: dict[str, Version] = {
    "auto-ip": (2, 2, 0),
    "run-connection-test": (2, 4, 0),
    "psc": (2, 5, 0),
    "exit-zero-on-sigterm": (2, 6, 0),
    "debug-logs": (2, 9, 0),
    "config-file": (2, 10, 0),
    "universe-domain": (2, 10, 0),
    "lazy-refresh": (2, 11, 0),
    "min-sigterm-delay": (2, 12, 0),
    "skip-failed-instance-config": (2, 18, 0),
    "enable-builtin-metrics": (2, 27, 0),
    "compute-platform": (2, 27, 0),
    "application-name": (2, 27, 0),
}
"""An older program prints its usage and exits with 1. Flags that are not here are in 2.1 already, or their version is not known."""
WAIT_SINCE: Version = (2, 8, 0)
QUIET_STRUCTURED_LOGS_SINCE: Version = (2, 2, 0)
DNS_NAMES_SINCE: Version = (2, 15, 0)
VARIANTS: dict[str, tuple[Version, Version]] = {
    "bullseye": ((2, 0, 0), (2, 22, 0)),
    "bookworm": ((2, 12, 0), (2, 24, 0)),
}
"""The first version of an image variant, and the first without it."""

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:-.*)?", re.ASCII)


def version_of(image: str) -> Version | None:
    """The version of the proxy in an image, None when its name or its tag does not tell."""
    match = _VERSION.fullmatch(tag(image) or "")
    if match is None or repository(image).rpartition("/")[2] not in {"cloud-sql-proxy", "gce-proxy"}:
        return None
    return int(match[1]), int(match[2]), int(match[3] or 0)


def written(version: Version) -> str:
    """A version as a tag has it."""
    return ".".join(map(str, version))


def check_image(checks: Checks, image: str) -> None:
    """Refuses version 1, whose flags are others, and variants that were never published."""
    version = version_of(image) if isinstance(image, str) else None
    if version is None:
        return
    if version < (2, 0, 0):
        checks.add(f"{image!r} is version 1, whose flags are others", "image", "take an image of cloud-sql-proxy 2.x")
    for variant, (first, gone) in VARIANTS.items():
        if (tag(image) or "").endswith(f"-{variant}") and not first <= version < gone:
            instead = "take the tag without it, or with -alpine if you need a shell"
            checks.add(f"there is no -{variant} image of {written(version)}", "image", instead)


def check_versions(checks: Checks, image: str, words: Sequence[str]) -> None:
    """Refuses arguments that an image of a known version does not have yet: it would exit with 1, or ignore them."""
    version = version_of(image)
    if version is None or version < (2, 0, 0):
        return
    line = read_command_line(words)
    needed = [(f"--{name}", OPTIONS.get(name, "extra_args"), SINCE[name]) for name in line.flags if name in SINCE]
    needed += [("psc", "instances", SINCE["psc"]) for argument in line.arguments if "psc=" in argument]
    names = [argument.partition("?")[0] for argument in line.arguments]
    needed += [(f"DNS names such as {name!r}", "instances", DNS_NAMES_SINCE) for name in names if is_domain_name(name)]
    if {"quiet", "structured-logs"} <= line.flags.keys():
        needed.append(("--quiet beside --structured-logs", "quiet", QUIET_STRUCTURED_LOGS_SINCE))
    for what, field, since in needed:
        if version < since:
            checks.add(f"{written(version)} has no {what}", field, f"take {written(since)} or newer, or turn it off")


def check_gate(checks: Checks, image: str, gate: object) -> None:
    """Refuses an exec probe with the command `wait` where the image does not have it yet."""
    version = version_of(image)
    command = (gate.handler.get("exec") or {}).get("command", ()) if isinstance(gate, Probe) else ()
    if version is not None and version < WAIT_SINCE and tuple(command[1:2]) == ("wait",):
        instead = f"take {written(WAIT_SINCE)} or newer, or leave the probe to the sidecar"
        checks.add(f"{written(version)} has no command wait", "startup_probe", instead)
