"""Reading the documents of a manifest file, each with the place of every field in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from sidecarlib.manifests.composing import compose_documents
from sidecarlib.manifests.converting import Converter

__all__ = ["load_documents"]


class Position(NamedTuple):
    """A place in a file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a file: plain data, and where each part of it stands.

    `source` is the file's name (`-` for standard input), `index` the document's number in it, from 1.
    """

    data: Any
    source: str
    index: int
    node: yaml.Node = field(repr=False, compare=False)

    def position(self, pointer: str, *, key: bool = False) -> Position | None:
        """Where the value at a JSON pointer begins, or its key; None where there is no such value."""
        found = _find(self.node, pointer)
        return None if found is None else _position(found[0] if key and found[0] is not None else found[1])

    def nearest_position(self, pointer: str) -> Position:
        """The same, or of the nearest parent that there is: the place for a field that is missing."""
        while pointer:
            if (found := self.position(pointer, key=True)) is not None:
                return found
            pointer = pointer.rpartition("/")[0]
        return _position(self.node)


def load_documents(text: str, *, source: str) -> tuple[Document, ...]:
    """Reads a YAML stream or JSON as kubectl does; documents without content are left out.

    Raises `ManifestError` with line and column for what is no YAML, for a key that stands twice, and for a file made to
    explode (aliases, nesting).
    """
    return tuple(_documents(text, source))


def _documents(text: str, source: str) -> Iterator[Document]:
    for index, node in enumerate(compose_documents(text, source), start=1):
        data = Converter(source).value(node)
        if data is not None:
            yield Document(data=data, source=source, index=index, node=node)


def _position(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _find(root: yaml.Node, pointer: str) -> tuple[yaml.Node | None, yaml.Node] | None:
    """The key and the value at a pointer; the key is None for items of a list and for the root."""
    key: yaml.Node | None = None
    value = root
    for part in pointer.split("/")[1:]:
        wanted = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, yaml.MappingNode):
            found = _entries(value).get(wanted)
            if found is None:
                return None
            key, value = found
        elif isinstance(value, yaml.SequenceNode) and wanted.isdigit() and int(wanted) < len(value.value):
            key, value = None, value.value[int(wanted)]
        else:
            return None
    return key, value


def _entries(node: yaml.MappingNode) -> Mapping[str, tuple[yaml.Node, yaml.Node]]:
    """The keys of a mapping with their nodes; what it merges in stands behind its own."""
    own = {Converter.key(key): (key, value) for key, value in node.value if not Converter.merges(key)}
    for key, value in node.value:
        if Converter.merges(key):
            for merged in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if isinstance(merged, yaml.MappingNode):
                    own = {**_entries(merged), **own}
    return own
