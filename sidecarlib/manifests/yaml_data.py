"""Plain data from YAML, as kubectl makes JSON of it: aliases written out, keys merged, scalars resolved.

It differs from kubectl in three points, for the reader's good: a key that stands twice is an error (kubectl takes the last one
and says nothing), and so are more than 200 levels of nesting and more than a million values that come from aliases.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from sidecarlib.manifests.scalars import plain_scalar, tagged_scalar
from sidecarlib.manifests.yaml_events import YamlEvents
from sidecarlib.manifests.yaml_level import Level, Places

DEEPEST = 200
"""Levels of nesting; the deepest field of a Pod is below 20."""
LARGEST_EXPANSION = 1_000_000
"""Values of one document that come from aliases: far above any manifest, far below what hurts."""
ROOT = 0
"""Under which `Places` have the document itself, at the key `""`."""


class _Anchored(NamedTuple):
    """What an anchor stands for: `size` values in `height` levels; `complete` once its end was read."""

    value: Any
    size: int = 1
    height: int = 0
    complete: bool = True


class YamlData:
    """Reads the documents of a text; with `places`, notes there where everything begins."""

    def __init__(self, text: str, source: str, places: Places | None = None) -> None:
        self._events = YamlEvents(text, source)
        self._places = places
        self._anchors: dict[str, _Anchored] = {}
        self._levels: list[Level] = []
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
            self._events.refuse_text(error)
        finally:
            self._events.close()

    def _document(self) -> Any:
        self._anchors.clear()
        self._values = self._expanded = 0
        events, levels = self._events, self._levels
        root: Any = None
        while True:
            event = events.next()
            kind = event.__class__
            if kind is ScalarEvent:
                value, start = self._scalar(event), event.start_mark.index
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, {} if kind is MappingStartEvent else [])
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value, start = self._close()
            elif kind is AliasEvent:
                value, start = self._alias(event), event.start_mark.index
            else:
                return root
            if levels:
                levels[-1].put(value, start, event, events)
            else:
                root = value
                if self._places is not None:
                    self._places[ROOT] = {"": (start, start)}

    def _scalar(self, event: Any) -> Any:
        self._values += 1
        text, tag = event.value, event.tag
        if tag is None:
            value = plain_scalar(text) if event.implicit[0] else text
        else:
            try:
                value = tagged_scalar(tag, text)
            except ValueError as error:
                self._events.refuse(event, str(error), "drop the tag, or write a value of its type")
        if value.__class__ is float and not math.isfinite(value):
            self._events.refuse(event, f"{text} is no JSON number", "write a finite number, or quote it")
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value)
        return value

    def _open(self, event: Any, data: dict[str, Any] | list[Any]) -> None:
        levels = self._levels
        self._refuse_depth(event, len(levels) + 1)
        if levels and levels[-1].wants_key:
            self._events.refuse_syntax(event, "a key that is no text", "write a text as key")
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(None, complete=False)
        levels.append(Level(data, event, self._values, self._places))
        self._values += 1

    def _close(self) -> tuple[Any, int]:
        level = self._levels.pop()
        if level.anchor is not None:
            self._anchors[level.anchor] = _Anchored(level.data, self._values - level.values_before, level.height)
        self._raise_height(level.height)
        if self._places is not None:
            self._kept.append(level.data)  # an `id` stays one value's only while that value lives
        return level.data, level.start

    def _raise_height(self, height: int) -> None:
        if self._levels and self._levels[-1].height <= height:
            self._levels[-1].height = height + 1

    def _alias(self, event: Any) -> Any:
        name = event.anchor
        anchored = self._anchors.get(name)
        if anchored is None:
            self._events.refuse(event, f"alias *{name} without an anchor", f"write &{name} at an earlier value")
        if not anchored.complete:
            self._events.refuse(event, f"alias *{name} inside the value that it stands for", "write the value out")
        self._values += anchored.size
        self._expanded += anchored.size
        if self._expanded > LARGEST_EXPANSION:
            self._events.refuse(event, f"aliases for more than {LARGEST_EXPANSION} values", "write fewer of them")
        self._refuse_depth(event, len(self._levels) + anchored.height)
        self._raise_height(anchored.height)
        return anchored.value

    def _refuse_depth(self, event: Any, depth: int) -> None:
        if depth > DEEPEST:
            self._events.refuse(event, f"more than {DEEPEST} levels of nesting", "write a manifest of usual depth")
