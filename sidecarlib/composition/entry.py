"""One container on its way into a Pod, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sidecarlib.composition.members import NO_MEMBERS, Members, members_of
from sidecarlib.composition.ordering import Need
from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.manifests.reading import mappings, text
from sidecarlib.model.container import Container, ContainerFields, InitContainer
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.sidecar import Sidecar
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.model.wait_for import WaitFor

PROTOCOL = ("name", "uses", "volumes", "files", "stops_within", "container")
LONGEST_NAME = 63


@dataclass(slots=True)
class Entry:
    """A container as it will be rendered, and what composition has to know beside it.

    `main` tells a container of `containers`, `waits` a sidecar that is being added; `uses` are the providers whose variables
    and mounts it gets; `mounted` are the volumes that its mounts bring along; `reads` are the mounts for certain files of a
    provider, each with the field that has it.
    """

    name: str
    rendered: dict[str, Any]
    main: bool = False
    waits: bool = False
    uses: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sidecar: Sidecar | None = None
    offers: Members = NO_MEMBERS
    gate: dict[str, Any] | None = None
    mounted: list[Volume] = field(default_factory=list)
    files: Mapping[str, str] = EMPTY
    stops_within: float | None = None
    ungated_because: str | None = None
    variable_providers: tuple[Need, ...] = ()
    reads: tuple[tuple[str, VolumeMount], ...] = ()

    def needs(self, volume_providers: Mapping[str, str]) -> tuple[Need, ...]:
        """Everything that has to start before it, each provider once, with the first reason."""
        found = [Need(name, "uses") for name in self.uses]
        found += [Need(name, "after") for name in self.after]
        found += self.variable_providers
        for container, mounts in ((self.rendered, "mounts"), (self.gate or {}, "its gate mounts")):
            for _, mount in mappings(container.get("volumeMounts")):
                volume = text(mount.get("name"))
                provider = volume_providers.get(volume)
                if provider is not None and provider != self.name:
                    found.append(Need(provider, f"{mounts} {volume}"))
        return tuple({need.name: need for need in reversed(found)}.values())[::-1]


def entry_of(container: ContainerFields, *, main: bool = False) -> Entry:
    """The entry of a container or an init container."""
    variables = [variable for variable in container.env if not isinstance(variable, str)]
    return Entry(
        name=container.name,
        rendered=_without_repeated_mounts(container.render(), container.volume_mounts),
        main=main,
        uses=tuple(str(name) for name in container.uses),
        after=tuple(str(name) for name in container.after),
        mounted=[mount.volume for mount in container.volume_mounts],
        variable_providers=tuple(
            Need(variable.provider, f"variable {variable.name}")
            for variable in variables
            if variable.provider is not None and variable.provider != container.name
        ),
        reads=_reads("volume_mounts", container.volume_mounts),
    )


def entry_of_sidecar(sidecar: Sidecar, problems: Problems) -> Entry | None:
    """The entry of anything that has the `Sidecar` protocol, with its gate; None when it cannot be used."""
    try:
        container = sidecar.container()
    except InvalidValueError as error:
        problems.extend(error.problems)
        return None
    if not isinstance(container, NativeSidecar):
        problems.add(
            f"{type(sidecar).__name__}.container() gives {type(container).__name__}",
            f"sidecar {sidecar.name!r}",
            "return a NativeSidecar",
        )
        return None
    if container.name != sidecar.name:
        problems.add(
            f"its container is called {container.name!r}", f"sidecar {sidecar.name!r}", "give both the same name"
        )
        return None
    entry = entry_of(container)
    entry.waits = True
    entry.sidecar = sidecar
    entry.offers = members_of(sidecar, problems)
    entry.uses = tuple(dict.fromkeys([*entry.uses, *entry.offers.uses]))
    entry.mounted += dict.fromkeys([*container.volumes, *entry.offers.volumes])
    entry.files = entry.offers.files or container.files
    entry.stops_within = entry.offers.stops_within
    if isinstance(container.startup_probe, WaitFor):
        entry.gate = _gate(container.name, container.startup_probe)
        entry.mounted += [mount.volume for mount in container.startup_probe.volume_mounts]
        entry.reads += _reads("startup_probe", container.startup_probe.volume_mounts)
    elif isinstance(container.startup_probe, Probe):
        entry.ungated_because = container.startup_probe.because
    return entry


def entries_of(
    values: Sequence[object], kind: type[Container | InitContainer], field: str, problems: Problems
) -> list[Entry]:
    """The entries of containers or init containers, with a problem for whatever is none."""
    found: list[Entry] = []
    for index, value in enumerate(values):
        if isinstance(value, kind):
            found.append(entry_of(value, main=kind is Container))
        else:
            problems.add(
                f"{type(value).__name__} is no {kind.__name__}", f"{field}[{index}]", f"write a {kind.__name__}"
            )
    return found


def sidecar_entries(values: Sequence[object], problems: Problems) -> list[Entry]:
    """The entries of sidecars, with a problem for whatever lacks the protocol."""
    found: list[Entry] = []
    for index, value in enumerate(values):
        lacking = lacking_members(value)
        if isinstance(value, type):
            problems.add(f"{value.__name__} is a class", f"sidecars[{index}]", f"write {value.__name__}(…)")
        elif not lacking and not callable(getattr(value, "container", None)):
            problems.add(
                "its container is no method", f"sidecars[{index}]", "write a method that returns a NativeSidecar"
            )
        elif lacking:
            problems.add(
                f"{type(value).__name__} is no sidecar",
                f"sidecars[{index}]",
                f"write a sidecar; this has no {', '.join(lacking)}",
            )
        elif (entry := entry_of_sidecar(value, problems)) is not None:  # type: ignore[arg-type]
            found.append(entry)
    return found


def lacking_members(value: object) -> list[str]:
    """The members of the protocol that a value has not; its class is asked first, so that no property is computed."""
    own = type(value)
    return [member for member in PROTOCOL if not hasattr(own, member) and not hasattr(value, member)]


def _reads(field: str, mounts: Sequence[VolumeMount]) -> tuple[tuple[str, VolumeMount], ...]:
    return tuple((field, mount) for mount in mounts if mount.reads)


def _without_repeated_mounts(rendered: dict[str, Any], mounts: Sequence[VolumeMount]) -> dict[str, Any]:
    """One mount is enough for several files of a directory, and for one that the container mounts anyway."""
    shared = [mount.render() for mount in mounts if mount.reads]
    if shared and len(mounts) > 1:
        kept: list[Any] = []
        for mount in rendered["volumeMounts"]:
            if mount not in shared or mount not in kept:
                kept.append(mount)
        rendered["volumeMounts"] = kept
    return rendered


def _gate(sidecar: str, gate: WaitFor) -> dict[str, Any]:
    """The plain init container that stands behind a sidecar until it serves."""
    container = InitContainer(
        name=f"{sidecar[: LONGEST_NAME - len('-gate')]}-gate",
        image=gate.image,
        command=gate.script(),
        volume_mounts=gate.volume_mounts,
        resources=gate.resources,
        security_context=gate.security_context,
    )
    return _without_repeated_mounts(container.render(), gate.volume_mounts)
