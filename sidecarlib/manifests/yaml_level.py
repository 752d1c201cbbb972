"""A mapping or a list of a YAML document while it is being filled."""

from __future__ import annotations

from typing import Any, TypeAlias

from yaml.events import ScalarEvent

from sidecarlib.manifests.scalars import key_text
from sidecarlib.manifests.yaml_events import YamlEvents

Places: TypeAlias = dict[int, dict[str | int, tuple[int, int]]]
"""By the `id` of a mapping or list: the indexes of the characters at which the key and the value of each entry begin."""
MERGE_KEY = "<<"
_MERGE = object()


class Level:
    """Takes the values of one mapping or list as they come; of a mapping, keys and values in turn.

    `height` counts the levels from here down, `values_before` what the document had before it. With `places`, notes there
    where each entry begins.
    """

    __slots__ = ("_key", "_key_at", "_merged", "_places", "anchor", "data", "height", "start", "values_before")

    def __init__(self, data: Any, event: Any, values_before: int, places: Places | None) -> None:
        self.data = data
        self.anchor: str | None = event.anchor
        self.start: int = event.start_mark.index
        self.values_before = values_before
        self.height = 1
        self._key: Any = None
        self._key_at = 0
        self._merged: set[str] | None = None
        self._places = places

    @property
    def wants_key(self) -> bool:
        """Whether what comes next is a key."""
        return self._key is None and self.data.__class__ is dict

    def put(self, value: Any, start: int, event: Any, events: YamlEvents) -> None:
        """Takes the next key or value, which begins at the character `start`; `event` is the one that completed it."""
        data = self.data
        if data.__class__ is list:
            data.append(value)
            if self._places is not None:
                self._places.setdefault(id(data), {})[len(data) - 1] = (start, start)
        elif self._key is None:
            self._take_key(value, event, events)
        else:
            if self._key is _MERGE:
                self._merge(value, event, events)
            else:
                data[self._key] = value
                if self._places is not None:
                    self._places.setdefault(id(data), {})[self._key] = (self._key_at, start)
            self._key = None

    def _take_key(self, value: Any, event: Any, events: YamlEvents) -> None:
        if value == MERGE_KEY and event.__class__ is ScalarEvent and event.implicit[0]:
            self._key = _MERGE
            return
        key = value if value.__class__ is str else key_text(value)
        if key is None:
            events.refuse(event, "a key that is no text", "write a text as key")
        if key in self.data:
            if self._merged is None or key not in self._merged:
                events.refuse(event, f"key {key!r} stands twice", "keep one of the two")
            self._merged.remove(key)
        self._key = key
        self._key_at = event.start_mark.index

    def _merge(self, value: Any, event: Any, events: YamlEvents) -> None:
        """Merges in order, as kubectl does: what stands later wins, and of a list of mappings the first."""
        merged = set() if self._merged is None else self._merged
        for mapping in reversed(value) if value.__class__ is list else [value]:
            if mapping.__class__ is not dict:
                events.refuse(event, "a merge of what is no mapping", "write '<<: *name' with the name of a mapping")
            merged.update(mapping.keys() - self.data.keys())
            self.data.update(mapping)
            if self._places is not None:
                self._places.setdefault(id(self.data), {}).update(self._places.get(id(mapping), {}))
        self._merged = merged
