"""Requests and limits of a container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.frozen import EMPTY, FrozenMap
from sidecarlib.model.names import qualified_key
from sidecarlib.model.quantity import NANO, THOUSANDTH, canonical, nanos, quantity_problem

__all__ = ["Resources"]

STANDARD = ("cpu", "memory", "ephemeral-storage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Requests and limits as Kubernetes quantities: `Resources(requests={"cpu": "100m"}, limits={"memory": "64Mi"})`.

    Quantities are kept as the API server writes them (`1000m` is `1`). Raises `InvalidValueError` for a quantity that is
    none, a negative one, and a request above its limit.
    """

    requests: Mapping[str, str] = EMPTY
    limits: Mapping[str, str] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("Resources")
        requests = _quantities(checks, "requests", self.requests)
        limits = _quantities(checks, "limits", self.limits)
        for name, request in requests.items():
            if name in limits and nanos(request) > nanos(limits[name]):
                checks.add(
                    f"request {request} above limit {limits[name]}",
                    f"requests[{name!r}]",
                    "raise the limit or lower the request",
                )
        assign(self, requests=requests, limits=limits)
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """A container's `resources`."""
        rendered: dict[str, Any] = {}
        if self.requests:
            rendered["requests"] = dict(self.requests)
        if self.limits:
            rendered["limits"] = dict(self.limits)
        return rendered


def _resource_problem(name: str, amount: str) -> str | None:
    """What to write instead of a resource or its amount, or None (`ValidateContainerResourceName`, `IsExtendedResourceName`)."""
    if name in STANDARD or name.startswith("hugepages-"):
        return None
    if "/" not in name or name.startswith("requests.") or qualified_key(name) is not None:
        return f"write one of {', '.join(STANDARD)}, hugepages-SIZE, or a device's DOMAIN/NAME"
    return "write a whole number of devices" if nanos(amount) % NANO else None


def _quantities(checks: Checks, field: str, value: object) -> FrozenMap[str]:
    found: dict[str, str] = {}
    for name, amount in checks.mapping(field, value).items():
        if (instead := quantity_problem(amount)) is not None:
            checks.add(f"invalid quantity {amount!r}", f"{field}[{name!r}]", instead)
        elif (instead := _resource_problem(name, str(amount))) is not None:
            checks.add(f"invalid resource {name!r}", f"{field}[{name!r}]", instead)
        else:
            found[name] = canonical(str(amount), THOUSANDTH)
    return FrozenMap(found)
