"""The volumes of a Pod: each once, and who fills it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sidecarlib.composition.entry import Entry
from sidecarlib.errors import Problems
from sidecarlib.manifests.reading import mappings
from sidecarlib.model.volume import Volume


def volume_providers(entries: Iterable[Entry], volumes: Iterable[Volume], problems: Problems) -> dict[str, str]:
    """Which container fills each volume; two that fill one are a problem."""
    found: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    for volume in [*volumes, *(volume for entry in entries for volume in entry.mounted)]:
        if volume.provider is None:
            continue
        other = found.setdefault(volume.name, volume.provider)
        if other != volume.provider and (volume.name, volume.provider) not in told:
            told.add((volume.name, volume.provider))
            problems.add(
                f"volume {volume.name!r} is ambiguous: {other} and {volume.provider} both provide it",
                "Pod, volumes",
                "give one of the two volumes another name",
            )
    return found


def collect_volumes(
    there: Sequence[Any], entries: Iterable[Entry], volumes: Iterable[Volume], problems: Problems
) -> list[dict[str, Any]]:
    """The Pod's volumes: those that it had, then those listed, then what containers and sidecars bring, each name once."""
    found: dict[str, dict[str, Any]] = {}
    origin: dict[str, str] = {}
    for _, entry in mappings(there):
        found[str(entry.get("name"))] = dict(entry)
        origin[str(entry.get("name"))] = "the Pod"
    brought = [(volume, "the Pod") for volume in volumes]
    brought += [(volume, f"container {user.name!r}") for user in entries for volume in user.mounted]
    for volume, by in brought:
        if not volume.source:
            continue
        rendered = volume.render()
        other = found.setdefault(volume.name, rendered)
        if other != rendered:
            problems.add(
                f"volume {volume.name!r} is two things: {by} brings one, {origin[volume.name]} another",
                "Pod, volumes",
                "give one of the two another name, or use the same Volume in both",
            )
        origin.setdefault(volume.name, by)
    return list(found.values())
