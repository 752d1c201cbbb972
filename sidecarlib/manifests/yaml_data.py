"""Plain data from YAML, as kubectl makes JSON of it: aliases written out, keys merged, scalars resolved.

It differs from kubectl in three points, for the reader's good: a key that stands twice is an error (kubectl takes the last one
and says nothing), and so are more than 200 levels of nesting and a million values that come from aliases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn, TypeAlias

import yaml
from yaml.events import AliasEvent, DocumentEndEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent
from yaml.events import SequenceStartEvent, StreamEndEvent, StreamStartEvent

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.scalars import key_text, plain_scalar, tagged_scalar
from sidecarlib.manifests.yaml_events import YamlEvents

DEEPEST = 200
"""Levels of nesting; the deepest field of a Pod is below 20."""
LARGEST_EXPANSION = 1_000_000
"""Values of one document that come from aliases: far above any manifest, far below what hurts."""
ROOT = 0
"""Under which `Places` have the document itself, at the key `""`."""
_MERGE = object()

Places: TypeAlias = dict[int, dict[str | int, tuple[int, int]]]
"""By the `id` of a mapping or list: the indexes of the characters at which the key and the value of each entry begin."""


class _Anchored(NamedTuple):
    """What an anchor stands for; `size` counts its values, `height` its levels. `open` while it is not complete."""

    value: Any
    size: int = 1
    height: int = 0
    open: bool = False


class _Level:
    """A mapping or a list that is being filled."""

    __slots__ = ("anchor", "before", "filled", "height", "key", "key_at", "merged", "start")

    def __init__(self, filled: dict[str, Any] | list[Any], anchor: str | None, start: int, before: int) -> None:
        self.filled = filled
        self.anchor = anchor
        self.start = start
        self.before = before
        self.height = 1
        self.key: Any = None
        self.key_at = 0
        self.merged: set[str] | None = None


class YamlData:
    """Reads the documents of a text; with `places`, notes there where everything begins."""

    def __init__(self, text: str, source: str, places: Places | None = None) -> None:
        self._source = source
        self._events = YamlEvents(text, source)
        self._places = places
        self._anchors: dict[str, _Anchored] = {}
        self._levels: list[_Level] = []
        self._kept: list[Any] = []
        self._values = 0
        self._expanded = 0

    def documents(self) -> Iterator[tuple[Any, int]]:
        """The data of each document, and the index of the character at which it begins. Raises `ManifestError`."""
        try:
            while (event := self._events.next()).__class__ is not StreamEndEvent:
                if event.__class__ is not StreamStartEvent:
                    yield self._document(), event.start_mark.index
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            self._events.refuse(error)
        finally:
            self._events.close()

    def _document(self) -> Any:
        self._anchors.clear()
        self._values = self._expanded = 0
        next_event = self._events.next
        root: Any = None
        while True:
            event = next_event()
            kind = event.__class__
            if kind is ScalarEvent:
                self._values += 1
                value = plain_scalar(event.value) if event.implicit[0] else self._quoted(event)
                if value.__class__ is float and not math.isfinite(value):
                    self._refuse(event, f"{event.value} is no JSON number", "write a finite number, or quote it")
                if event.anchor is not None:
                    self._anchors[event.anchor] = _Anchored(value)
                start = event.start_mark.index
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, {} if kind is MappingStartEvent else [])
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value, start = self._close()
            elif kind is AliasEvent:
                value, start = self._alias(event), event.start_mark.index
            elif kind is DocumentEndEvent:
                return root
            if self._levels:
                self._put(value, start, event)
            else:
                root = value
                if self._places is not None:
                    self._places[ROOT] = {"": (start, start)}

    def _quoted(self, event: ScalarEvent) -> Any:
        if event.tag is None or event.tag == "!":
            return event.value
        try:
            return tagged_scalar(event.tag, event.value)
        except ValueError as error:
            self._refuse(event, str(error), "drop the tag, or write a value of its type")

    def _open(self, event: yaml.CollectionStartEvent, filled: dict[str, Any] | list[Any]) -> None:
        levels = self._levels
        if len(levels) >= DEEPEST:
            self._refuse(event, f"more than {DEEPEST} levels of nesting", "write a manifest of usual depth")
        if levels and levels[-1].key is None and levels[-1].filled.__class__ is dict:
            self._refuse(event, "a key that is no text, as in a template", "write text, or render the template first")
        self._values += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(None, open=True)
        levels.append(_Level(filled, event.anchor, event.start_mark.index, self._values))

    def _close(self) -> tuple[Any, int]:
        level = self._levels.pop()
        if level.anchor is not None:
            size = self._values - level.before + 1
            self._anchors[level.anchor] = _Anchored(level.filled, size, level.height)
        if self._levels:
            self._raise_height(level.height)
        if self._places is not None:
            self._kept.append(level.filled)  # an `id` stays one value's only while that value lives
        return level.filled, level.start

    def _raise_height(self, height: int) -> None:
        parent = self._levels[-1]
        if parent.height <= height:
            parent.height = height + 1

    def _alias(self, event: AliasEvent) -> Any:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self._refuse(event, f"alias *{event.anchor} without an anchor", f"write &{event.anchor} at an earlier value")
        if anchored.open:
            self._refuse(event, f"alias *{event.anchor} inside the value that it stands for", "write the value out")
        self._values += anchored.size
        self._expanded += anchored.size
        if self._expanded > LARGEST_EXPANSION:
            self._refuse(event, f"aliases for more than {LARGEST_EXPANSION} values", "write fewer of them")
        if len(self._levels) + anchored.height > DEEPEST:
            self._refuse(event, f"more than {DEEPEST} levels of nesting", "write a manifest of usual depth")
        if self._levels:
            self._raise_height(anchored.height)
        return anchored.value

    def _put(self, value: Any, start: int, event: Any) -> None:
        level = self._levels[-1]
        filled = level.filled
        if filled.__class__ is list:
            filled.append(value)
            if self._places is not None:
                self._places.setdefault(id(filled), {})[len(filled) - 1] = (start, start)
        elif level.key is None:
            self._put_key(level, value, event)
        elif level.key is _MERGE:
            self._merge(level, value, event)
            level.key = None
        else:
            filled[level.key] = value
            if self._places is not None:
                self._places.setdefault(id(filled), {})[level.key] = (level.key_at, start)
            level.key = None

    def _put_key(self, level: _Level, value: Any, event: Any) -> None:
        if value == "<<" and event.__class__ is ScalarEvent and event.implicit[0]:
            level.key = _MERGE
            return
        key = value if value.__class__ is str else key_text(value)
        if key is None:
            self._refuse(event, "a key that is no text", "write a text as key")
        if key in level.filled:
            if level.merged is None or key not in level.merged:
                self._refuse(event, f"key {key!r} stands twice", "keep one of the two")
            level.merged.remove(key)
        level.key = key
        level.key_at = event.start_mark.index

    def _merge(self, level: _Level, value: Any, event: Any) -> None:
        """Merges in order, as kubectl does: what stands later wins, and of a list of mappings the first."""
        merged: set[str] = set() if level.merged is None else level.merged
        for mapping in reversed(value) if value.__class__ is list else [value]:
            if mapping.__class__ is not dict:
                self._refuse(event, "a merge of what is no mapping", "write '<<: *name' with the name of a mapping")
            merged.update(mapping.keys() - level.filled.keys())
            level.filled.update(mapping)
            if self._places is not None:
                self._places.setdefault(id(level.filled), {}).update(self._places.get(id(mapping), {}))
        level.merged = merged

    def _refuse(self, event: Any, what: str, instead: str) -> NoReturn:
        mark = event.start_mark
        raise ManifestError(what, source=self._source, instead=instead, line=mark.line + 1, column=mark.column + 1)
