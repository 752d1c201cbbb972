"""The settings of the collector's components, as users write them: plain values, and files that other sidecars render."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sidecarlib.errors import InvalidValueError
from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import EMPTY, FrozenMap, freeze
from sidecarlib.model.rendered_file import RenderedFile

_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}(/\S(.*\S)?)?")


def component_id(text: str) -> str | None:
    """What to write instead of `text`, or None when it can name a component (collector, component/identifiable.go)."""
    return None if _COMPONENT.fullmatch(text) else "write a component's type, or type/name, such as 'otlp_http/backup'"


def component_type(component: str) -> str:
    """The type of a component: `otlp_http` of `otlp_http/backup`."""
    return component.partition("/")[0].strip()


def components(checks: Checks, field: str, value: object) -> FrozenMap[Any]:
    """The components of one kind, id to settings, frozen; None stands for a component without settings."""
    frozen = settings(checks, field, value)
    for component, own in frozen.items():
        if (instead := component_id(component)) is not None:
            checks.add(f"invalid component {component!r}", field, instead)
        if own is not None and not isinstance(own, Mapping):
            checks.add(f"{own!r} are no settings", f"{field}[{component!r}]", "write a dict, or None for none")
    return FrozenMap({component: EMPTY if own is None else own for component, own in frozen.items()})


def settings(checks: Checks, field: str, value: object) -> FrozenMap[Any]:
    """A mapping of JSON-like values and `RenderedFile`s, frozen."""
    if not isinstance(value, Mapping):
        checks.add(f"{value!r} is no mapping", field, "write a dict")
        return EMPTY
    frozen: FrozenMap[Any] = _frozen(checks, field, value)
    return frozen


def _frozen(checks: Checks, field: str, value: object) -> Any:
    if isinstance(value, RenderedFile):
        return value
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return FrozenMap({key: _frozen(checks, f"{field}[{key!r}]", item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(checks, f"{field}[{index}]", item) for index, item in enumerate(value))
    try:
        return freeze(value, f"{checks.where}, {field}")
    except InvalidValueError as error:
        checks.extend(error.problems)
        return None if not isinstance(value, Mapping) else EMPTY


def plain(value: Any) -> Any:
    """Frozen settings as fresh dicts and lists, each file as its path."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.path if isinstance(value, RenderedFile) else value


def rendered_files(value: Any) -> Iterator[RenderedFile]:
    """The files of other sidecars in frozen settings, in the order written."""
    if isinstance(value, RenderedFile):
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from rendered_files(item)


def overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `over` on top: mappings merge deep, everything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = overlay(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def section(value: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path of a configuration, empty where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else EMPTY


def names(value: Any) -> tuple[str, ...]:
    """The texts of a list in a configuration, empty where there is no list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


def is_off(value: Any) -> bool:
    """Whether a switch is off, read as a value or as text."""
    return value is False or (isinstance(value, str) and value.lower() == "false")
