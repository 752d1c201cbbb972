"""Where in a file each part of a document stands."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.yaml_data import ROOT, YamlData
from sidecarlib.manifests.yaml_level import Places

# JSON may have halves of a character as escapes, and characters that YAML forbids.
_ONLY_IN_JSON = re.compile(
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class Position(NamedTuple):
    """A place in a file; line and column count from 1, a column is a character."""

    line: int
    column: int


class DocumentText:
    r"""The text of one document, read again for its positions when the first one is asked for.

    `start` and `end` are indexes into the text of the whole file, `line` is the number of lines before `start`. A JSON key
    with a character beyond the 16-bit range as escapes (`\ud83d\ude00`) has no position, its nearest parent's serves.
    """

    __slots__ = ("_data", "_end", "_line", "_places", "_start", "_text")

    def __init__(self, text: str, start: int, end: int, line: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._line = line
        self._data: Any = None
        self._places: Places | None = None

    def find(self, path: list[str], *, key: bool) -> Position | None:
        """Where the value at a path begins, or its key (the value where it has none); None where there is no such value."""
        if self._places is None:
            self._places = self._read()
        value = self._data
        found = self._places.get(ROOT, {}).get("")
        for part in path:
            entry = part if isinstance(value, dict) else _index(part)
            found = self._places.get(id(value), {}).get(entry)
            if found is None:
                return None
            value = value[entry]
        return None if found is None else self._position(found[0 if key else 1])

    def beginning(self) -> Position:
        """Where the document begins, for what has no place of its own."""
        return self.find([], key=False) or Position(self._line + 1, 1)

    def _read(self) -> Places:
        places: Places = {}
        text = self._text[self._start : self._end]
        for written in (text, _ONLY_IN_JSON.sub(_same_length, text)):
            try:
                self._data, _ = next(YamlData(written, "", places).documents())
            except (ManifestError, StopIteration):
                places.clear()
            else:
                break
        return places

    def _position(self, index: int) -> Position:
        at = self._start + index
        line = self._line + self._text.count("\n", self._start, at) + 1
        return Position(line, at - self._text.rfind("\n", 0, at))


def _index(part: str) -> int:
    return int(part) if part.isascii() and part.isdecimal() else -1


def _same_length(match: re.Match[str]) -> str:
    return "?" * len(match[0])
