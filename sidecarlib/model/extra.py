"""Fields that have no typed name yet, merged into what the typed ones render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidecarlib.errors import InvalidValueError, Problem
from sidecarlib.model.frozen import thaw


def merge_extra(rendered: dict[str, Any], extra: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Adds `extra` to `rendered` in place and answers it: mappings merge deep, everything else is set.

    The mappings in `rendered` may be shared: those that change are copied.

    Raises `InvalidValueError` for every key that a typed field has set already.
    """
    if not extra:
        return rendered
    problems: list[Problem] = []
    _merge(rendered, extra, f"{where}, extra", problems)
    if problems:
        raise InvalidValueError(problems)
    return rendered


def _merge(rendered: dict[str, Any], extra: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
    for key, value in extra.items():
        there = rendered.get(key)
        if key not in rendered:
            rendered[key] = thaw(value)
        elif isinstance(there, dict) and isinstance(value, Mapping):
            rendered[key] = merged = dict(there)
            _merge(merged, value, f"{where}.{key}", problems)
        else:
            problems.append(Problem(f"{key} is set already", f"{where}.{key}", "change the typed field instead"))
