"""One container on its way into a Pod, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sidecarlib.composition.ordering import Need
from sidecarlib.errors import Problems
from sidecarlib.model.checks import Named
from sidecarlib.model.container import Container, ContainerFields, InitContainer
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.sidecar import Sidecar
from sidecarlib.model.volume import Volume
from sidecarlib.model.wait_for import WaitFor

PROTOCOL = ("name", "uses", "volumes", "files", "stops_within", "container")
LONGEST_NAME = 63


@dataclass(slots=True)
class Entry:
    """A container as it will be rendered, and what composition has to know beside it.

    `main` tells a container of `containers`, `waits` a sidecar that is being added; `uses` are the providers whose variables
    and mounts it gets; `mounted` are the volumes that its mounts bring along.
    """

    name: str
    rendered: dict[str, Any]
    main: bool = False
    waits: bool = False
    uses: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sidecar: Sidecar | None = None
    gate: dict[str, Any] | None = None
    mounted: list[Volume] = field(default_factory=list)
    files: Mapping[str, str] = EMPTY
    stops_within: float | None = None
    ungated_because: str | None = None
    variable_providers: tuple[Need, ...] = ()

    def needs(self, volume_providers: Mapping[str, str]) -> tuple[Need, ...]:
        """Everything that has to start before it, each provider once, with the first reason."""
        found = [Need(name, "uses") for name in self.uses]
        found += [Need(name, "after") for name in self.after]
        found += self.variable_providers
        for mount in self.rendered.get("volumeMounts") or ():
            provider = volume_providers.get(mount.get("name"))
            if provider is not None and provider != self.name:
                found.append(Need(provider, f"mounts {mount['name']}"))
        return tuple({need.name: need for need in reversed(found)}.values())[::-1]


def entry_of(container: ContainerFields, *, main: bool = False) -> Entry:
    """The entry of a container or an init container."""
    variables = [variable for variable in container.env if not isinstance(variable, str)]
    return Entry(
        name=container.name,
        rendered=container.render(),
        main=main,
        uses=tuple(str(name) for name in container.uses),
        after=tuple(str(name) for name in container.after),
        mounted=[mount.volume for mount in container.volume_mounts],
        variable_providers=tuple(
            Need(variable.provider, f"variable {variable.name}")
            for variable in variables
            if variable.provider is not None and variable.provider != container.name
        ),
    )


def entry_of_sidecar(sidecar: Sidecar, problems: Problems) -> Entry | None:
    """The entry of anything that has the `Sidecar` protocol, with its gate; None when it cannot be used."""
    container = sidecar.container()
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
    entry.uses = tuple(dict.fromkeys([*entry.uses, *(_name(used) for used in sidecar.uses)]))
    entry.mounted += [*container.volumes, *sidecar.volumes]
    entry.files = sidecar.files or container.files
    entry.stops_within = sidecar.stops_within
    if isinstance(container.startup_probe, WaitFor):
        entry.gate = _gate(container.name, container.startup_probe)
        entry.mounted += [mount.volume for mount in container.startup_probe.volume_mounts]
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
        if lacking:
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


def _name(used: str | Named) -> str:
    return used if isinstance(used, str) else used.name


def _gate(sidecar: str, gate: WaitFor) -> dict[str, Any]:
    """The plain init container that stands behind a sidecar until it serves."""
    return InitContainer(
        name=f"{sidecar[: LONGEST_NAME - len('-gate')]}-gate",
        image=gate.image,
        command=gate.script(),
        volume_mounts=gate.volume_mounts,
        resources=gate.resources,
        security_context=gate.security_context,
    ).render()
