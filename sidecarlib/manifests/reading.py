"""Tolerant access to plain data: whatever has another shape than expected reads as absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NOTHING: Mapping[str, Any] = {}


def mapping(value: object) -> Mapping[str, Any]:
    """The value when it is a mapping, else an empty one."""
    if isinstance(value, dict):  # asked first: a check for an abstract class takes ten times as long
        return value
    return value if isinstance(value, Mapping) else NOTHING


def items(value: object) -> Sequence[Any]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def mappings(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The items of a list that are mappings, each with its index in the list."""
    if value is not None:
        for index, item in enumerate(items(value)):
            if isinstance(item, (dict, Mapping)):
                yield index, item


def text(value: object) -> str:
    """The value when it is text, else empty text."""
    return value if isinstance(value, str) else ""


def optional_text(value: object) -> str | None:
    """The value when it is text, else None."""
    return value if isinstance(value, str) else None


def texts(value: object) -> tuple[str, ...]:
    """The text items of a list."""
    return tuple([item for item in items(value) if isinstance(item, str)]) if value is not None else ()


def integer(value: object, default: int) -> int:
    """The value when it is a whole number, else `default`."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def optional_integer(value: object) -> int | None:
    """The value when it is a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def nested(value: object, path: Sequence[str | int]) -> Any:
    """What stands at a path of keys and indexes, None where there is nothing."""
    for part in path:
        if isinstance(part, str):
            value = value.get(part) if isinstance(value, (dict, Mapping)) else None
        elif isinstance(value, (list, tuple)) and -len(value) <= part < len(value):
            value = value[part]
        else:
            return None
    return value


def pointer(base: str, path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path below another pointer."""
    if not path:
        return base
    return base + "".join(["/" + str(part).replace("~", "~0").replace("/", "~1") for part in path])
