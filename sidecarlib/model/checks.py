"""What every constructor of a value does with its fields: check, copy, and gather the problems."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.model.frozen import EMPTY, FrozenMap, freeze

Item = TypeVar("Item")
LARGEST_INT32 = 2**31 - 1
LONGEST_SHOWN = 160
"""Characters of a wrong value that an error shows: enough to find it, also where it is a whole manifest."""


@runtime_checkable
class Named(Protocol):
    """Anything that is referred to by its container name."""

    @property
    def name(self) -> str:
        """The container name."""


class Checks(Problems):
    """Checks the fields of one value: each method notes what is wrong and answers the frozen field."""

    __slots__ = ()

    def text(self, field: str, value: object, *, syntax: Callable[[str], str | None] | None = None) -> None:
        """Text that is not empty and, where `syntax` is given, has its form."""
        if not isinstance(value, str) or not value:
            self.add(
                f"{shown(value)} is not text" if value else f"{shown(value)} is empty",
                field,
                "write a non-empty string",
            )
        elif syntax is not None and (instead := syntax(value)) is not None:
            self.add(f"invalid {field} {shown(value)}", field, instead)

    def optional_text(self, field: str, value: object) -> None:
        """None, or text that is not empty."""
        if value is not None:
            self.text(field, value)

    def integer(self, field: str, value: object, *, minimum: int = 0, maximum: int = LARGEST_INT32) -> None:
        """A whole number between two bounds; True and 1.0 are not."""
        if value.__class__ is int and minimum <= value <= maximum:
            return
        self.add(
            f"{shown(value)} is no whole number from {minimum} to {maximum}",
            field,
            f"write an int of at least {minimum}",
        )

    def optional_integer(self, field: str, value: object, *, minimum: int = 0, maximum: int = LARGEST_INT32) -> None:
        """None, or a whole number between two bounds."""
        if value is not None:
            self.integer(field, value, minimum=minimum, maximum=maximum)

    def seconds(self, field: str, value: object) -> None:
        """A finite number of seconds, zero or more."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
            self.add(f"{shown(value)} is no number of seconds", field, "write a number of seconds, 0 or more")

    def flag(self, field: str, value: object) -> None:
        """None, True or False."""
        if value is not None and value.__class__ is not bool:
            self.add(f"{shown(value)} is neither True nor False", field, "write True or False")

    def choice(self, field: str, value: object, among: Collection[str]) -> None:
        """None, or one of the given words."""
        if value is not None and value not in among:
            self.add(f"unknown {field} {shown(value)}", field, "write one of " + ", ".join(among))

    def port(self, field: str, value: object) -> None:
        """A port number from 1 to 65535."""
        self.integer(field, value, minimum=1, maximum=65535)

    def path(self, field: str, value: object) -> None:
        """An absolute path inside a container."""
        if not isinstance(value, str) or not value.startswith("/") or ":" in value or "\0" in value:
            self.add(f"{shown(value)} is no absolute path", field, "write a path that starts with '/' and has no ':'")

    def instance(self, field: str, value: object, kind: type | tuple[type, ...], wanted: str) -> None:
        """None, or a value of a class."""
        if value is not None and not isinstance(value, kind):
            self.add(f"{shown(value)} is no {wanted}", field, f"write a {wanted}")

    def texts(self, field: str, value: object) -> tuple[str, ...]:
        """A sequence of strings, as a tuple."""
        items = self.items(field, value)
        for index, item in enumerate(items):
            if not isinstance(item, str):
                self.add(f"{shown(item)} is not text", f"{field}[{index}]", f"write {shown(str(item))}")
        return items

    def items(self, field: str, value: object, kind: type | tuple[type, ...] | None = None) -> tuple[Any, ...]:
        """A list or tuple, copied; its items are of a class where one is given."""
        if (
            value.__class__ is tuple
            or value.__class__ is list
            or (isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)))
        ):
            found = tuple(value)
        else:
            instead = (
                "write a list, whose order is kept" if isinstance(value, (set, frozenset, dict)) else "write a list"
            )
            self.add(f"{shown(value)} is no list", field, instead)
            return ()
        if kind is not None:
            for index, item in enumerate(found):
                if not isinstance(item, kind):
                    wanted = kind.__name__ if isinstance(kind, type) else " or ".join(each.__name__ for each in kind)
                    self.add(f"{shown(item)} is no {wanted}", f"{field}[{index}]", f"write a {wanted}")
            found = tuple(item for item in found if isinstance(item, kind))
        return found

    def names(self, field: str, value: object) -> tuple[str, ...]:
        """Container names out of a list of names and of things that have one."""
        found: list[str] = []
        for index, item in enumerate(self.items(field, value)):
            name = item if isinstance(item, str) else getattr(item, "name", None)
            if isinstance(name, str) and name:
                found.append(name)
            else:
                self.add(
                    f"{shown(item)} has no container name",
                    f"{field}[{index}]",
                    "write a sidecar, an init container or its name",
                )
        return tuple(dict.fromkeys(found))

    def mapping(self, field: str, value: object) -> FrozenMap[Any]:
        """A mapping of JSON-like values, frozen."""
        if value is EMPTY:
            return EMPTY
        if not isinstance(value, Mapping):
            self.add(f"{shown(value)} is no mapping", field, "write a dict")
            return EMPTY
        try:
            frozen: FrozenMap[Any] = freeze(value, f"{self.where}, {field}")
        except InvalidValueError as error:
            self.extend(error.problems)
            return EMPTY
        return frozen

    def text_mapping(
        self,
        field: str,
        value: object,
        *,
        key: Callable[[str], str | None] | None = None,
        text: Callable[[str], str | None] | None = None,
    ) -> FrozenMap[str]:
        """A mapping from text to text, frozen; `key` and `text` check the syntax of each."""
        frozen = self.mapping(field, value)
        for name, item in frozen.items():
            if key is not None and (instead := key(name)) is not None:
                self.add(f"invalid key {shown(name)}", field, instead)
            if not isinstance(item, str):
                self.add(f"{shown(item)} is not text", f"{field}[{shown(name)}]", f"write {shown(str(item))}")
            elif text is not None and (instead := text(item)) is not None:
                self.add(f"invalid value {shown(item)}", f"{field}[{shown(name)}]", instead)
        return frozen


def shown(value: object) -> str:
    """How an error shows a value: its `repr`, cut in the middle where that is long."""
    try:
        text = _SHORT.repr(value)
    except (AttributeError, TypeError, ValueError):  # a repr of somebody's own, or an integer of thousands of digits
        return f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_SHOWN + 2 else f"{text[:LONGEST_SHOWN]}..."


def _shortening() -> reprlib.Repr:
    short = reprlib.Repr()
    short.maxlevel = 2
    short.maxstring = short.maxlong = short.maxother = LONGEST_SHOWN + 2  # quotes
    return short


_SHORT = _shortening()


def assign(value: object, **fields: object) -> None:
    """Sets fields of a frozen value that is still being made."""
    for name, item in fields.items():
        object.__setattr__(value, name, item)
