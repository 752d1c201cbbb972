"""The engine: containers, init containers and sidecars become one Pod spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.composition.entry import Entry
from sidecarlib.composition.files import FileSet, file_set
from sidecarlib.composition.offers import append_mounts, check_files_read, hand_out
from sidecarlib.composition.ordering import Need, Step, chain_to, ordered
from sidecarlib.composition.volumes import collect_volumes, volume_providers
from sidecarlib.errors import Problems
from sidecarlib.manifests.reading import items
from sidecarlib.model.volume import Volume


@dataclass(frozen=True, slots=True)
class StopTime:
    """How long a sidecar may take from SIGTERM to its end, in seconds; None when nobody knows."""

    sidecar: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A Pod spec whose ConfigMaps have no names yet, and what is known beside it.

    `stop_times` are in start order; `ungated` maps a sidecar without a gate to the reason that was given.
    """

    spec: dict[str, Any]
    file_sets: tuple[FileSet, ...]
    stop_times: tuple[StopTime, ...]
    ungated: dict[str, str]

    def spec_for(self, workload: str) -> dict[str, Any]:
        """The spec with the ConfigMaps of a workload: a new dict whose parts are shared."""
        if not self.file_sets:
            return dict(self.spec)
        own = [volume for files in self.file_sets for volume in files.volumes_for(workload)]
        return {**self.spec, "volumes": [*self.spec.get("volumes", ()), *own]}


def compose(
    base: Mapping[str, Any],
    *,
    sequence: Sequence[Entry],
    mains: Sequence[Entry],
    volumes: Sequence[Volume] = (),
    problems: Problems,
) -> Composed:
    """Orders `sequence` (init containers and sidecars), gives every user what its providers offer, and collects volumes.

    `base` holds the Pod's other fields, and the volumes that it has already. Everything that is wrong goes to `problems`: names
    that clash, providers that are missing or ambiguous, cycles, volumes that differ; the result is then only good for
    finding more of it.
    """
    entries = [*sequence, *mains]
    _check_names(entries, problems)
    sidecars = {entry.name: entry for entry in sequence if entry.sidecar is not None}
    for entry in entries:
        hand_out(entry, sidecars, problems)
        check_files_read(entry, sidecars, problems)
    providers = volume_providers(entries, volumes, problems)
    needs = {entry.name: entry.needs(providers) for entry in entries}
    _check_providers(needs, sequence, mains, problems)
    started = _in_order(sequence, needs, problems)
    file_sets = [_mount_files(entry) for entry in started if entry.files]
    spec = {key: value for key, value in base.items() if key != "volumes"}
    inits = [rendered for entry in started for rendered in (entry.rendered, entry.gate) if rendered is not None]
    if inits:
        spec["initContainers"] = inits
    spec["containers"] = [entry.rendered for entry in mains]
    if collected := collect_volumes(items(base.get("volumes")), [*started, *mains], volumes, problems):
        spec["volumes"] = collected
    return Composed(
        spec=spec,
        file_sets=tuple(file_sets),
        stop_times=tuple(StopTime(entry.name, entry.stops_within) for entry in started if entry.sidecar is not None),
        ungated={entry.name: entry.ungated_because for entry in started if entry.ungated_because is not None},
    )


def _in_order(sequence: Sequence[Entry], needs: Mapping[str, Sequence[Need]], problems: Problems) -> list[Entry]:
    by_name = {entry.name: entry for entry in sequence}
    if len(by_name) != len(sequence):
        return list(sequence)
    order, cycles = ordered([Step(entry.name, tuple(needs[entry.name]), entry.waits) for entry in sequence])
    problems.extend(cycles)
    return [by_name[name] for name in order]


def _mount_files(entry: Entry) -> FileSet:
    files = file_set(entry.name, entry.files)
    append_mounts(entry.rendered, files.mounts)
    return files


def _check_names(entries: Sequence[Entry], problems: Problems) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        role = "containers" if entry.main else "sidecars" if entry.waits else "init_containers"
        names = [(entry.name, role)] + ([(entry.gate["name"], f"the gate of {entry.name}")] if entry.gate else [])
        for name, place in names:
            if name in seen:
                problems.add(
                    f"two containers called {name!r}, in {seen[name]} and in {place}",
                    f"container {name!r}, name",
                    "give one of them another name",
                )
            seen.setdefault(name, place)


def _check_providers(
    needs: Mapping[str, Sequence[Need]], sequence: Sequence[Entry], mains: Sequence[Entry], problems: Problems
) -> None:
    known = {entry.name for entry in sequence}
    main_names = {entry.name for entry in mains}
    for user, wanted in needs.items():
        for need in wanted:
            if need.name in known and need.name != user:
                continue
            if need.name in main_names:
                what, instead = (
                    f"{need.name!r} is a main container",
                    "leave it out: main containers start after every sidecar",
                )
            elif need.name == user:
                what, instead = "it needs itself", "take its own name away"
            else:
                there = ", ".join(sorted(known)) or "none"
                chain = chain_to(need.name, needs)
                what, instead = (
                    f"no provider {need.name!r} ({chain})",
                    f"add it to the Pod's sidecars, or use one of: {there}",
                )
            problems.add(what, f"container {user!r}, {need.because}", instead)
