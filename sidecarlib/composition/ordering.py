"""The order of a Pod's init sequence: whoever needs something starts after what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecarlib.errors import Problem


@dataclass(frozen=True, slots=True)
class Need:
    """A container that has to start before, and why."""

    name: str
    because: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the sequence: a plain init container or a sidecar, with what it needs.

    `waits` is True for what is put behind everything that is free to go: a sidecar that is being added.
    """

    name: str
    needs: tuple[Need, ...] = ()
    waits: bool = False


def ordered(steps: Sequence[Step]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The names in start order, and a problem for each cycle.

    Whatever is free to go runs first, as written; one that needs something comes directly behind the last thing it needs;
    those that wait keep the order written wherever no need decides. Needs that name no step are ignored.
    """
    names = {step.name for step in steps}
    missing = {
        step.name: {need.name for need in step.needs if need.name in names and need.name != step.name} for step in steps
    }
    started: list[str] = []
    left = list(steps)
    while left:
        free = [step for step in left if not missing[step.name]]
        if not free:
            return tuple(started), tuple(_cycles(left))
        chosen = next((step for step in free if not step.waits), free[0])
        started.append(chosen.name)
        left.remove(chosen)
        for step in left:
            missing[step.name].discard(chosen.name)
    return tuple(started), ()


def _cycles(left: Sequence[Step]) -> list[Problem]:
    """One problem for each separate cycle among the steps that could not start."""
    by_name = {step.name: step for step in left}
    problems: list[Problem] = []
    told: set[str] = set()
    for step in left:
        chain: list[Step] = []
        at = step
        while at.name not in told and at not in chain:
            chain.append(at)
            at = by_name[next(need.name for need in at.needs if need.name in by_name and need.name != at.name)]
        if at in chain:
            cycle = chain[chain.index(at) :]
            following = cycle[1] if len(cycle) > 1 else cycle[0]
            because = next(need.because for need in at.needs if need.name == following.name)
            what = f"a cycle: {_spoken(cycle)}"
            problems.append(Problem(what, f"container {at.name!r}, {because}", "take one of these needs away"))
        told.update(each.name for each in chain)
    return problems


def _spoken(cycle: Sequence[Step]) -> str:
    lines = []
    for step, following in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
        because = next(need.because for need in step.needs if need.name == following.name)
        lines.append(f"{step.name} needs {following.name} ({because})")
    return ", ".join(lines)


def chain_to(missing: str, needs: Mapping[str, Sequence[Need]]) -> str:
    """The whole chain of containers that leads to a name: `app -> cloud-sql-proxy -> vault-agent`."""
    chain = [missing]
    while True:
        user = next(
            (
                name
                for name, wanted in needs.items()
                if name not in chain and any(need.name == chain[0] for need in wanted)
            ),
            None,
        )
        if user is None:
            return " -> ".join(chain)
        chain.insert(0, user)
