"""What a Pod as a whole requests of a node, and may use at most.

The formula is that of KEP-753 ("Resources calculation") and of `AggregateContainerRequests` and `PodRequests` in
`k8s.io/component-helpers/resource`; measured on Kubernetes 1.37.2 with 12 Pods. Amounts are whole billionths of a core, a byte
or a piece, by name of the resource; what is no quantity counts as absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping
from sidecarlib.model.quantity import NANO, canonical, nanos

Amounts: TypeAlias = dict[str, int]

POD_LEVEL = frozenset({"cpu", "memory"})
"""What the Pod's own `resources` decide, beside huge pages (KEP-2837)."""
HUGE_PAGES = "hugepages-"
KIBI = 1024


def effective_requests(pod: PodView) -> Amounts:
    """What the scheduler reserves for the Pod: its own requests where it has some, else its containers'; plus `overhead`."""
    total = aggregate_requests(pod)
    own = mapping(pod.get("resources", "requests"))
    limits = mapping(pod.get("resources", "limits"))
    for name in dict.fromkeys((*own, *limits)):
        if not _of_the_pod(name):
            continue
        asked = amount(own.get(name))
        if asked is None and name not in total:
            asked = amount(limits.get(name))
        if asked is not None:
            total[name] = asked
    _add(total, _amounts(pod.get("overhead")))
    return total


def effective_limits(pod: PodView) -> Amounts:
    """What the Pod may use at most by the same formula; a container without a limit adds nothing, though it is unlimited."""
    total = _aggregate(pod, container_limits)
    for name, most in _amounts(pod.get("resources", "limits")).items():
        if _of_the_pod(name):
            total[name] = most
    for name, more in _amounts(pod.get("overhead")).items():
        if total.get(name):
            total[name] += more
    return total


def aggregate_requests(pod: PodView) -> Amounts:
    """What the containers request together, the Pod's own `resources` and `overhead` aside."""
    return _aggregate(pod, container_requests)


def container_requests(container: ContainerView) -> Amounts:
    """What one container requests; a limit without a request is one, as in every Pod that is created."""
    resources = mapping(container.spec.get("resources"))
    return {**_amounts(resources.get("limits")), **_amounts(resources.get("requests"))}


def container_limits(container: ContainerView) -> Amounts:
    """What one container may use at most."""
    return _amounts(container.get("resources", "limits"))


def amount(quantity: object) -> int | None:
    """A quantity in billionths, None for what is none."""
    if isinstance(quantity, bool) or not isinstance(quantity, (str, int, float)):
        return None
    try:
        return nanos(str(quantity))
    except ValueError:
        return None


def readable(name: str, billionths: int) -> str:
    """An amount as people write it: `700m`, `1152Mi`."""
    decimal = canonical(f"{billionths}n")
    if name == "cpu" or not billionths or billionths % (KIBI * NANO):
        return decimal
    return min(canonical(f"{billionths // (KIBI * NANO)}Ki"), decimal, key=len)


def _aggregate(pod: PodView, amounts_of: Callable[[ContainerView], Amounts]) -> Amounts:
    """The most that runs at a time: all sidecars and mains, or an init container and the sidecars before it."""
    total: Amounts = {}
    sidecars: Amounts = {}
    starting: Amounts = {}
    for container in pod.init_sequence():
        amounts = amounts_of(container)
        if container.role is Role.NATIVE_SIDECAR:
            _add(sidecars, amounts)
            _raise(starting, sidecars)
        else:
            _add(amounts, sidecars)
            _raise(starting, amounts)
    for container in pod.mains():
        _add(total, amounts_of(container))
    _add(total, sidecars)
    _raise(total, starting)
    return total


def _amounts(quantities: object) -> Amounts:
    found = ((str(name), amount(quantity)) for name, quantity in mapping(quantities).items())
    return {name: value for name, value in found if value is not None}


def _add(total: Amounts, more: Mapping[str, int]) -> None:
    for name, value in more.items():
        total[name] = total.get(name, 0) + value


def _raise(most: Amounts, other: Mapping[str, int]) -> None:
    for name, value in other.items():
        most[name] = max(most.get(name, 0), value)


def _of_the_pod(name: object) -> bool:
    return isinstance(name, str) and (name in POD_LEVEL or name.startswith(HUGE_PAGES))
