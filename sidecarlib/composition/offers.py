"""What users of a sidecar get from it: variables in front of their own, and mounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sidecarlib.composition.entry import Entry
from sidecarlib.errors import Problems
from sidecarlib.model.sidecar import Sidecar


def hand_out(entry: Entry, providers: Mapping[str, Sidecar], problems: Problems) -> None:
    """Gives an entry the variables and mounts of every sidecar it uses; what is there already is a problem."""
    used = [providers[name] for name in entry.uses if name in providers]
    for provider in used:
        _give_mounts(entry, provider, problems)
    _give_variables(entry, used, problems)


def _give_variables(entry: Entry, providers: Sequence[Sidecar], problems: Problems) -> None:
    own = {variable["name"]: "the container itself" for variable in entry.rendered.get("env") or ()}
    given = []
    for provider in providers:
        offer = getattr(provider, "env", None)
        for variable in offer() if callable(offer) else ():
            if variable.name in own:
                problems.add(
                    f"variable {variable.name!r} comes from {provider.name} and from {own[variable.name]}",
                    f"container {entry.name!r}, env",
                    f"take one away, or leave {provider.name} out of uses and write its env() under other names",
                )
            own[variable.name] = provider.name
            given.append(variable.render())
    if given:
        entry.rendered["env"] = given + list(entry.rendered.get("env") or ())


def _give_mounts(entry: Entry, provider: Sidecar, problems: Problems) -> None:
    offer = getattr(provider, "mounts", None)
    for mount in offer() if callable(offer) else ():
        there = {each["mountPath"]: each["name"] for each in entry.rendered.get("volumeMounts") or ()}
        if mount.mount_path not in there:
            entry.rendered.setdefault("volumeMounts", []).append(mount.render())
            entry.mounted.append(mount.volume)
        elif there[mount.mount_path] != mount.volume.name:
            problems.add(
                f"{mount.mount_path!r} holds volume {there[mount.mount_path]!r} already, {provider.name} offers {mount.volume.name!r} there",
                f"container {entry.name!r}, volume_mounts",
                "mount the other volume elsewhere",
            )
