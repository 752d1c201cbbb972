"""How a workload replaces its Pods: what the API server takes as a strategy.

Source: `ValidateDeploymentStrategy`, `ValidateDaemonSetUpdateStrategy` and `ValidateStatefulSetSpec` in
`pkg/apis/apps/validation/validation.go`, with the defaults of `pkg/apis/apps/v1/defaults.go`; measured on Kubernetes 1.37.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sidecarlib.model.checks import LARGEST_INT32, Checks
from sidecarlib.model.frozen import EMPTY

ROLLING = "RollingUpdate"
_PERCENT = re.compile(r"[0-9]{1,9}%", re.ASCII)


def strategy_parts(
    checks: Checks, field: str, strategy: object, kinds: tuple[str, ...], *, rolling_only: bool = True
) -> Mapping[str, Any]:
    """The strategy's `rollingUpdate`, empty where there is none; notes an unknown type, and one that it cannot stand beside."""
    found = _mapping(checks, field, strategy)
    kind = found.get("type") or ROLLING
    checks.choice(f"{field}.type", kind, kinds)
    rolling = _mapping(checks, f"{field}.rollingUpdate", found.get("rollingUpdate"))
    if kind == ROLLING:
        return rolling
    if rolling_only and kind in kinds and found.get("rollingUpdate") is not None:
        checks.add(f"rollingUpdate beside type {kind!r}", f"{field}.rollingUpdate", "leave one of the two out")
    return EMPTY


def amount(checks: Checks, field: str, value: object, *, default: str | int, most_percent: int | None = 100) -> int:
    """A number of Pods, or the number before a '%'; the default's where there is none. -1 when it is noted as wrong."""
    value = default if value is None else value
    if value.__class__ is int and isinstance(value, int) and 0 <= value <= LARGEST_INT32:
        return value
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        percent = int(value[:-1])
        if most_percent is None or percent <= most_percent:
            return percent
    wanted = "write an int of at least 0 or '25%'" + (f", {most_percent}% at most" if most_percent else "")
    checks.add(f"{value!r} is neither a number of Pods nor a percentage", field, wanted)
    return -1


def ordinal_start(checks: Checks, ordinals: object) -> None:
    """The first ordinal of a StatefulSet."""
    checks.optional_integer("ordinals.start", _mapping(checks, "ordinals", ordinals).get("start"))


def _mapping(checks: Checks, field: str, value: object) -> Mapping[str, Any]:
    if value is None or isinstance(value, Mapping):
        return value or EMPTY
    checks.add(f"{value!r} is no mapping", field, "write a dict")
    return EMPTY
