"""Pipelines: which signal goes from which receivers through which processors to which exporters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.frozen import EMPTY, FrozenMap
from sidecarlib.sidecars.otel.settings import component_type, names, section

__all__ = ["OtelPipeline"]

SIGNALS = ("traces", "metrics", "logs")
PROFILES_GATE = "service.profilesSupport"

_ALL_SIGNALS = {
    "receivers": {"otlp", "nop"},
    "processors": {"attributes", "batch", "filter", "k8sattributes", "memory_limiter", "resource", "resourcedetection", "transform"},
    "exporters": {"debug", "nop", "otlp", "otlp_grpc", "otlp_http", "otlphttp"},
}  # fmt: skip
"""Types that carry traces, metrics and logs alike, by the status tables of their READMEs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtelPipeline:
    """One pipeline of the collector; None stands for every component that the sidecar has, in the order written.

    The sidecar's memory limiter stands first without being named. A connector is an exporter of one pipeline and a receiver
    of another. Raises `InvalidValueError`.
    """

    receivers: Sequence[str] | None = None
    processors: Sequence[str] | None = None
    exporters: Sequence[str] | None = None

    def __post_init__(self) -> None:
        checks = Checks("OtelPipeline")
        for field in ("receivers", "processors", "exporters"):
            value = getattr(self, field)
            if value is None:
                continue
            components = checks.texts(field, value)
            if len(set(components)) != len(components):
                checks.add(f"{list(components)} has one twice", field, "name each component once")
            if not components and field != "processors":
                checks.add("no component", field, "name at least one, or leave it out for all")
            assign(self, **{field: components})
        checks.raise_if_any()

    def render(
        self, *, receivers: Sequence[str], processors: Sequence[str], exporters: Sequence[str]
    ) -> dict[str, Any]:
        """The entry of `service.pipelines`, given all components of the sidecar."""
        own = processors if self.processors is None else self.processors
        first = [name for name in processors if name == "memory_limiter" and name not in own]
        return {
            "receivers": list(receivers if self.receivers is None else self.receivers),
            "processors": [*first, *own],
            "exporters": list(exporters if self.exporters is None else self.exporters),
        }


def frozen_pipelines(checks: Checks, value: object) -> FrozenMap[OtelPipeline]:
    """The pipelines of a sidecar, name to `OtelPipeline`."""
    if not isinstance(value, Mapping):
        checks.add(f"{value!r} is no mapping", "pipelines", 'write {"traces": OtelPipeline(…)}')
        return EMPTY
    for name, pipeline in value.items():
        if not isinstance(name, str) or not isinstance(pipeline, OtelPipeline):
            checks.add(f"{name!r}: {pipeline!r} is no pipeline", "pipelines", 'write {"traces": OtelPipeline(…)}')
    return FrozenMap(value)


def check_default_pipelines(checks: Checks, configuration: Mapping[str, Any]) -> None:
    """Notes components that are not known to carry all three signals, as the default pipelines need."""
    for kind, known in _ALL_SIGNALS.items():
        for component in section(configuration, kind):
            if component_type(component) not in known:
                checks.add(
                    f"the signals of {component!r} are not known",
                    kind,
                    f'write pipelines={{"traces": OtelPipeline({kind}=["{component}"]), …}} with the signals that it has',
                )
    for connector in section(configuration, "connectors"):
        checks.add(f"no pipeline says where {connector!r} stands", "connectors", "write pipelines={…}")


def check_pipelines(checks: Checks, configuration: Mapping[str, Any], *, profiles: bool) -> None:
    """Notes pipelines that the collector refuses: an unknown signal, a component that is not configured, no pipeline."""
    pipelines = section(configuration, "service", "pipelines")
    if not pipelines:
        checks.add("no pipeline", "pipelines", "write at least one; the collector refuses to start without")
    connectors = tuple(section(configuration, "connectors"))
    for pipeline, parts in pipelines.items():
        where = f"pipelines[{pipeline!r}]"
        if component_type(pipeline) not in SIGNALS and not (component_type(pipeline) == "profiles" and profiles):
            instead = f"write {', '.join(SIGNALS)}, or one of them with a name, such as 'traces/backup'"
            checks.add(f"unknown signal {pipeline!r}", where, instead)
        for kind in ("receivers", "processors", "exporters"):
            listed = names(section(parts).get(kind))
            known = (*section(configuration, kind), *(connectors if kind != "processors" else ()))
            for component in listed:
                if component not in known:
                    checks.add(
                        f"{component!r} is not configured",
                        f"{where}.{kind}",
                        f"write one of {', '.join(known) or 'none'}",
                    )
            if not listed and kind != "processors":
                checks.add(f"no {kind}", where, "name at least one")
            if "memory_limiter" in listed[1:]:
                checks.add(
                    "memory_limiter is not the first",
                    f"{where}.{kind}",
                    "put it first, so that what comes in is refused before it costs memory",
                )
