"""YAML nodes as plain data, the way kubectl turns them into JSON."""

from __future__ import annotations

import math
from typing import Any

import yaml

from sidecarlib.manifests.composing import PLAIN
from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.scalars import plain_scalar

LARGEST_EXPANSION = 1_000_000
"""Values in one document once its aliases are written out: far above any manifest, far below what hurts."""
MERGE = "<<"
TAG = "tag:yaml.org,2002:"


class Converter:
    """Converts the nodes of one document; aliases share what they stand for."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._done: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        """The plain value of a node. Raises `ManifestError`."""
        return self._convert(node)[0]

    @staticmethod
    def merges(key: yaml.Node) -> bool:
        """Whether a key merges another mapping into its own."""
        return key.tag in {PLAIN, TAG + "merge"} and key.value == MERGE

    @staticmethod
    def key(node: yaml.Node) -> str:
        """The text of a key: kubectl makes text of numbers and booleans."""
        if not isinstance(node, yaml.ScalarNode):
            return ""
        value = plain_scalar(node.value) if node.tag == PLAIN else node.value
        if isinstance(value, bool):
            return "true" if value else "false"
        return "null" if value is None else str(value)

    def _convert(self, node: yaml.Node) -> tuple[Any, int]:
        if isinstance(node, yaml.ScalarNode):
            value = _scalar(node)
            if isinstance(value, float) and not math.isfinite(value):
                raise self._error(node, f"{node.value} is no JSON number", "write a finite number, or quote it")
            return value, 1
        known = self._done.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise self._error(node, "an alias inside the value that it stands for", "write the value out")
        self._open.add(id(node))
        found = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._sequence(node)
        self._open.discard(id(node))
        if found[1] > LARGEST_EXPANSION:
            raise self._error(node, f"more than {LARGEST_EXPANSION} values", "use fewer aliases, or several documents")
        self._done[id(node)] = found
        return found

    def _sequence(self, node: yaml.Node) -> tuple[list[Any], int]:
        converted = [self._convert(item) for item in node.value]
        return [value for value, _ in converted], 1 + sum(size for _, size in converted)

    def _mapping(self, node: yaml.MappingNode) -> tuple[dict[str, Any], int]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        size = 1
        for key, value in node.value:
            converted, inner = self._convert(value)
            size += inner
            if self.merges(key):
                for mapping in converted if isinstance(converted, list) else [converted]:
                    if not isinstance(mapping, dict):
                        raise self._error(
                            value, "a merge of what is no mapping", "write '<<: *name' with the name of a mapping"
                        )
                    merged = {**mapping, **merged}
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self._error(key, "a key that is no text, as in a template", "write text, or render the template first")
            name = self.key(key)
            if name in own:
                raise self._error(key, f"key {name!r} stands twice", "keep one of the two")
            own[name] = converted
        return {**merged, **own} if merged else own, size

    def _error(self, node: yaml.Node, what: str, instead: str) -> ManifestError:
        mark = node.start_mark
        return ManifestError(what, source=self._source, instead=instead, line=mark.line + 1, column=mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.tag == PLAIN:
        return plain_scalar(node.value)
    if node.tag in {TAG + "int", TAG + "float", TAG + "bool", TAG + "null"}:
        return plain_scalar(node.value)
    return node.value
