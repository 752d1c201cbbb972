"""Immutable copies of what users pass in: tuples for sequences, an ordered hashable mapping for dicts."""

from __future__ import annotations

import math
from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from enum import Enum
from pathlib import PurePath
from typing import Any, TypeVar

from sidecarlib.errors import InvalidValueError, Problem

Value = TypeVar("Value", covariant=True)  # noqa: PLC0105 - read better than Value_co

LARGEST_EXACT_INTEGER = 2**53
"""JSON numbers above this lose digits in JavaScript, which prints the manifests."""


class FrozenMap(Mapping[str, Value]):
    """An ordered mapping of text keys that cannot change; equal to any mapping with the same items."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value] | None = None) -> None:
        self._items: dict[str, Value] = dict(items or {})

    def __getitem__(self, key: str) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    # What `Mapping` would do one key at a time, handed to the dict: values are read far more often than made.
    def keys(self) -> KeysView[str]:
        """The keys, in order."""
        return self._items.keys()

    def values(self) -> ValuesView[Value]:
        """The values, in order."""
        return self._items.values()

    def items(self) -> ItemsView[str, Value]:
        """The pairs, in order."""
        return self._items.items()

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or `default`."""
        return self._items.get(key, default)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is FrozenMap:
            return self._items == other._items
        return isinstance(other, Mapping) and self._items == dict(other)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def __reduce__(self) -> tuple[type[FrozenMap[Value]], tuple[dict[str, Value]]]:
        return FrozenMap, (self._items,)


EMPTY: FrozenMap[Any] = FrozenMap()


def freeze(value: object, where: str) -> Any:
    """Copies a JSON-like value into tuples and `FrozenMap`s.

    `where` names the place for the error. Raises `InvalidValueError` with every part that is no JSON value: sets, NaN,
    keys that are not text, integers beyond 2**53, objects.
    """
    problems: list[Problem] = []
    frozen = _freeze(value, where, problems)
    if problems:
        raise InvalidValueError(problems)
    return frozen


def _freeze(value: object, where: str, problems: list[Problem]) -> Any:
    kind = value.__class__
    if value is None or kind is str or kind is bool or kind is FrozenMap:
        return value
    if kind is list or kind is tuple:
        return tuple([_freeze(item, f"{where}[{index}]", problems) for index, item in enumerate(value)])  # type: ignore[arg-type,var-annotated]
    if kind is int and -LARGEST_EXACT_INTEGER <= value <= LARGEST_EXACT_INTEGER:  # type: ignore[operator]
        return value
    if isinstance(value, (dict, Mapping)):
        strange = [key for key in value if not isinstance(key, str)]
        problems.extend(Problem(f"key {key!r} is not text", where, f"write {str(key)!r}") for key in strange)
        return FrozenMap({str(key): _freeze(item, f"{where}.{key}", problems) for key, item in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return _freeze(tuple(value), where, problems)
    return _freeze_scalar(value.value if isinstance(value, Enum) else value, where, problems)


def _freeze_scalar(value: object, where: str, problems: list[Problem]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (str, PurePath)):
        return str(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_EXACT_INTEGER:
            problems.append(Problem(f"integer {value} loses digits", where, "write it as a string"))
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            problems.append(Problem(f"{value} is no JSON number", where, "write a finite number"))
        return value
    unordered = isinstance(value, (set, frozenset))
    instead = "write a list, whose order is kept" if unordered else "write text, a number, a list or a dict"
    problems.append(Problem(f"{type(value).__name__} is no value of a manifest", where, instead))
    return None


def thaw(value: Any) -> Any:
    """The plain dicts and lists of a frozen value: a fresh copy each time."""
    kind = value.__class__
    if kind is str or kind is int or kind is bool:
        return value
    if isinstance(value, (FrozenMap, Mapping)):
        return {key: thaw(item) for key, item in value.items()}
    if kind is tuple:
        return [thaw(item) for item in value]
    return value
