"""What a Pod requests and may use: the formula of KEP-753, checked with vectors that a node and its quota confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.effective_resources import (
    aggregate_requests,
    amount,
    effective_limits,
    effective_requests,
    readable,
)
from sidecarlib.manifests.pod_view import PodView

MILLI = 10**6
MEBI = 1024**2 * 10**9

Container = dict[str, Any]


def container(
    cpu: int | None = None, memory: int | None = None, *, sidecar: bool = False, field: str = "requests"
) -> Container:
    """A container that requests millicores and mebibytes."""
    amounts = {} if cpu is None else {"cpu": f"{cpu}m"}
    if memory is not None:
        amounts["memory"] = f"{memory}Mi"
    return {"resources": {field: amounts}} | ({"restartPolicy": "Always"} if sidecar else {})


def pod(*inits: Container, mains: list[Container], **spec: Any) -> PodView:
    """A Pod of these containers."""
    return PodView({"initContainers": list(inits), "containers": mains, **spec})


MAIN = container(500, 512)
SIDECAR = container(100, 128, sidecar=True)
HEAVY_INIT = container(2000, 1024)

VECTORS = {
    "main and sidecar": (pod(SIDECAR, mains=[MAIN]), 600, 640),
    "a heavy init container behind the sidecar": (pod(SIDECAR, HEAVY_INIT, mains=[MAIN]), 2100, 1152),
    "a heavy init container before the sidecar": (pod(HEAVY_INIT, SIDECAR, mains=[MAIN]), 2000, 1024),
    "an init container between two sidecars": (
        pod(SIDECAR, container(600, 100), container(200, 256, sidecar=True), mains=[MAIN]),
        800,
        896,
    ),
    "a helper among the mains": (pod(HEAVY_INIT, mains=[MAIN, container(100, 128)]), 2000, 1024),
    "a sidecar with a limit only": (pod(container(200, sidecar=True, field="limits"), mains=[MAIN]), 700, 512),
    "a sidecar without requests": (pod({"restartPolicy": "Always"}, mains=[MAIN]), 500, 512),
    "inits and sidecars in turn": (
        pod(
            container(100),
            container(10, sidecar=True),
            container(100),
            container(20, sidecar=True),
            container(150),
            mains=[container(50)],
        ),
        180,
        None,
    ),
    "the Pod's own request wins": (
        pod(SIDECAR, mains=[MAIN], resources={"requests": {"cpu": "750m"}}),
        750,
        640,
    ),
    "the Pod's own limit, when containers request some": (
        pod(mains=[container(10)], resources={"limits": {"cpu": "400m"}}),
        10,
        None,
    ),
    "the Pod's own limit, when containers request none": (
        pod(mains=[container()], resources={"limits": {"cpu": "400m"}}),
        400,
        None,
    ),
    "overhead of the runtime": (pod(mains=[MAIN], overhead={"cpu": "250m", "memory": "120Mi"}), 750, 632),
}


@pytest.mark.parametrize(("view", "cpu", "memory"), VECTORS.values(), ids=list(VECTORS))
def test_effective_requests(view: PodView, cpu: int, memory: int | None) -> None:
    """What the scheduler and the quota count."""
    expected = {"cpu": cpu * MILLI} | ({} if memory is None else {"memory": memory * MEBI})
    assert effective_requests(view) == expected


def test_limits_follow_the_same_formula_without_overhead_on_none() -> None:
    """Limits add up like requests; overhead comes on top of limits that there are, and makes none."""
    sidecar = container(100, sidecar=True, field="limits")
    init = container(900, field="limits")
    view = pod(sidecar, init, mains=[container(500, field="limits")], overhead={"cpu": "50m", "memory": "120Mi"})
    assert effective_limits(view) == {"cpu": 1050 * MILLI}
    assert effective_limits(pod(mains=[MAIN], resources={"limits": {"cpu": "2"}})) == {"cpu": 2000 * MILLI}


def test_the_pods_own_resources_stay_out_of_the_aggregate() -> None:
    """What the API server compares the Pod's own requests with are the containers alone."""
    view = pod(SIDECAR, mains=[MAIN], resources={"requests": {"cpu": "9"}}, overhead={"cpu": "1"})
    assert aggregate_requests(view) == {"cpu": 600 * MILLI, "memory": 640 * MEBI}


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("100m", 100 * MILLI), (1, 1000 * MILLI), (0.5, 500 * MILLI), ("1Mi", MEBI)],
)
def test_quantities_are_read_as_they_are_written(quantity: object, expected: int) -> None:
    """Text or a plain YAML number, whole or not."""
    assert amount(quantity) == expected


@pytest.mark.parametrize("quantity", [None, True, "", "12 apples", float("nan"), [1], {}])
def test_what_is_no_quantity_counts_as_absent(quantity: object) -> None:
    """Nothing raises: another rule tells about it."""
    assert amount(quantity) is None
    assert effective_requests(pod(mains=[{"resources": {"requests": {"cpu": quantity}}}])) == {}


@pytest.mark.parametrize(
    ("name", "billionths", "text"),
    [
        ("cpu", 700 * MILLI, "700m"),
        ("cpu", 2000 * MILLI, "2"),
        ("cpu", 1024 * 1000 * MILLI, "1024"),
        ("memory", 1152 * MEBI, "1152Mi"),
        ("memory", 1024 * MEBI, "1Gi"),
        ("memory", 10**10 * 10**9, "10G"),
        ("memory", 1001 * 10**9, "1001"),
        ("memory", 0, "0"),
    ],
)
def test_amounts_are_written_as_people_do(name: str, billionths: int, text: str) -> None:
    """Millicores, and for everything else powers of 1024 or of 1000, whichever is shorter."""
    assert readable(name, billionths) == text


CONTAINERS = st.builds(container, st.none() | st.integers(0, 4000), st.none() | st.integers(0, 4000))
SEQUENCES = st.lists(st.tuples(CONTAINERS, st.booleans()), max_size=6)


def _sequence(inits: list[tuple[Container, bool]]) -> list[Container]:
    return [{**each, **({"restartPolicy": "Always"} if sidecar else {})} for each, sidecar in inits]


@given(inits=SEQUENCES, mains=st.lists(CONTAINERS, max_size=4))
def test_it_is_the_most_that_ever_runs_at_a_time(inits: list[tuple[Container, bool]], mains: list[Container]) -> None:
    """Played step by step, with every container that runs at each step, the maximum is the same."""
    sequence = _sequence(inits)
    sidecars = [each for each in sequence if "restartPolicy" in each]
    steps = [[*mains, *sidecars]]
    for index, each in enumerate(sequence):
        steps.append([*(before for before in sequence[:index] if "restartPolicy" in before), each])
    for name in ("cpu", "memory"):
        most = max(sum(amount(each["resources"]["requests"].get(name)) or 0 for each in step) for step in steps)
        assert effective_requests(pod(*sequence, mains=mains)).get(name, 0) == most


@given(inits=SEQUENCES, mains=st.lists(CONTAINERS, max_size=4))
def test_a_sidecar_moved_behind_an_init_container_never_costs_more(
    inits: list[tuple[Container, bool]], mains: list[Container]
) -> None:
    """The later a sidecar starts, the less runs beside the init containers."""
    sequence = _sequence([*inits, (SIDECAR, True), (HEAVY_INIT, False)])
    before = effective_requests(pod(*sequence, mains=mains))
    sequence[-2:] = sequence[:-3:-1]
    after = effective_requests(pod(*sequence, mains=mains))
    assert all(after[name] <= before[name] for name in before)
