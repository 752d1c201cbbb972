"""Reading the documents of a manifest file, each with the place of every field in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sidecarlib.manifests.json_data import json_documents
from sidecarlib.manifests.positions import DocumentText, Position
from sidecarlib.manifests.yaml_data import YamlData

__all__ = ["load_documents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a file: plain data, and where each part of it stands.

    `source` is the file's name (`-` for standard input), `index` the document's number in it, from 1. Values that the file
    wrote once and meant twice (`*alias`) are one object in `data`: copy it before you change it.
    """

    data: Any
    source: str
    index: int
    text: DocumentText = field(repr=False, compare=False)

    def position(self, pointer: str, *, key: bool = False) -> Position | None:
        """Where the value at a JSON pointer begins, or its key; None where there is no such value."""
        return self.text.find(_parts(pointer), key=key)

    def nearest_position(self, pointer: str) -> Position:
        """Where the field at a JSON pointer begins, or the nearest parent that there is: the place for what is missing."""
        parts = _parts(pointer)
        while parts:
            if (found := self.text.find(parts, key=True)) is not None:
                return found
            parts.pop()
        return self.text.beginning()


def load_documents(text: str, *, source: str) -> tuple[Document, ...]:
    """Reads a YAML stream or JSON as kubectl does; documents without content are left out.

    Raises `ManifestError` with line and column for what is no YAML, for a key that stands twice (kubectl takes the last one
    and says nothing), and for a file made to explode (aliases, nesting).
    """
    return tuple(_documents(text.removeprefix("\ufeff"), source))


def _documents(text: str, source: str) -> Iterator[Document]:
    found = json_documents(text) if text.lstrip()[:1] in {"{", "["} else None
    if found is None:
        # From the beginning of the line: the indentation of what stands first belongs to the document.
        found = [(data, text.rfind("\n", 0, start) + 1) for data, start in YamlData(text, source).documents()]
    ends = [*(start for _, start in found[1:]), len(text)]
    start = line = 0
    for index, ((data, _), end) in enumerate(zip(found, ends, strict=False), start=1):
        if data is not None:
            yield Document(data=data, source=source, index=index, text=DocumentText(text, start, end, line))
        line += text.count("\n", start, end)
        start = end


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
