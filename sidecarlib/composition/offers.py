"""What users of a sidecar get from it: variables in front of their own, mounts, and the files that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sidecarlib.composition.entry import Entry
from sidecarlib.errors import Problems
from sidecarlib.manifests.reading import items, mappings, text


def hand_out(entry: Entry, providers: Mapping[str, Entry], problems: Problems) -> None:
    """Gives an entry the variables and mounts of every sidecar it uses; what is there already is a problem."""
    used = [providers[name] for name in entry.uses if name in providers]
    for provider in used:
        problems.extend(problem for problem in provider.offers.refusals if problem not in problems.noted)
        _give_mounts(entry, provider, problems)
    _give_variables(entry, used, problems)


def check_files_read(entry: Entry, providers: Mapping[str, Entry], problems: Problems) -> None:
    """A file that an entry reads has to be one that its provider writes, where the provider tells which these are."""
    for field, mount in entry.reads:
        provider = providers.get(mount.volume.provider or "")
        written = None if provider is None else provider.offers.rendered_paths
        if provider is None or written is None:
            continue
        for path in mount.reads:
            if path not in written:
                instead = f"use one of: {', '.join(sorted(written))}" if written else f"let {provider.name} write it"
                problems.add(f"{provider.name} does not render {path!r}", f"container {entry.name!r}, {field}", instead)


def append_mounts(container: dict[str, Any], mounts: Sequence[Mapping[str, Any]]) -> None:
    """Adds mounts behind those of a rendered container, whose list may be null."""
    container["volumeMounts"] = [*items(container.get("volumeMounts")), *(dict(mount) for mount in mounts)]


def _give_variables(entry: Entry, providers: Sequence[Entry], problems: Problems) -> None:
    there = items(entry.rendered.get("env"))
    own = {text(variable.get("name")): "the container itself" for _, variable in mappings(there)}
    given = []
    for provider in providers:
        for variable in provider.offers.variables:
            if variable.name in own:
                problems.add(
                    f"variable {variable.name!r} comes from {provider.name} and from {own[variable.name]}",
                    f"container {entry.name!r}, env",
                    f"take one away, or leave {provider.name} out of uses and write its env() under other names",
                )
            own[variable.name] = provider.name
            given.append(variable.render())
    if given:
        entry.rendered["env"] = [*given, *there]


def _give_mounts(entry: Entry, provider: Entry, problems: Problems) -> None:
    for mount in provider.offers.mounts:
        mounted = mappings(entry.rendered.get("volumeMounts"))
        there = {text(each.get("mountPath")): text(each.get("name")) for _, each in mounted}
        if mount.mount_path not in there:
            append_mounts(entry.rendered, [mount.render()])
            entry.mounted.append(mount.volume)
        elif there[mount.mount_path] != mount.volume.name:
            problems.add(
                f"{mount.mount_path!r} holds volume {there[mount.mount_path]!r} already, {provider.name} offers {mount.volume.name!r} there",
                f"container {entry.name!r}, volume_mounts",
                "mount the other volume elsewhere",
            )
