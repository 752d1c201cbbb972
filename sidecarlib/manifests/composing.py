"""YAML text as nodes, with kubectl's idea of what a plain scalar is left open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from sidecarlib.manifests.error import ManifestError

PLAIN = "!plain"
"""The tag of a scalar without quotes and without a tag of its own."""
DEEPEST = 200
"""Levels of nesting; the deepest field of a Pod is below 20."""
TEMPLATE_MARKS = ("{{", "{%")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _NodeLoader(_Loader):  # type: ignore[misc]
    """Marks plain scalars instead of guessing their type."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode and implicit[0]:
            return PLAIN
        return str(super().resolve(kind, value, implicit))


def compose_documents(text: str, source: str) -> Iterator[yaml.Node]:
    """The root node of each document that has one. Raises `ManifestError`."""
    text = text.removeprefix("\ufeff")
    try:
        if text.count("[") + text.count("{") > DEEPEST or _deepest_indent(text) > DEEPEST:
            _refuse_depth(text, source)
        loader = _NodeLoader(_tabs_as_blanks(text))
        try:
            while loader.check_node():
                yield loader.get_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _error(error, text, source) from None


def _deepest_indent(text: str) -> int:
    return max((len(line) - len(line.lstrip(" ")) for line in text.splitlines()), default=0)


def _tabs_as_blanks(text: str) -> str:
    """JSON may be indented by tabs, YAML may not."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    lines = (
        line if not line[:1].isspace() else line[: len(line) - len(line.lstrip())].replace("\t", " ") + line.lstrip()
        for line in text.splitlines(keepends=True)
    )
    return "".join(lines)


def _refuse_depth(text: str, source: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else None
            what = f"more than {DEEPEST} levels of nesting"
            raise ManifestError(what, source=source, instead="write a manifest of usual depth", line=line)


def _error(error: yaml.YAMLError, text: str, source: str) -> ManifestError:
    mark = getattr(error, "problem_mark", None)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML")
    if any(sign in text for sign in TEMPLATE_MARKS):
        what, instead = f"a template, not YAML ({what})", "render it first, for instance with helm template"
    else:
        instead = "write valid YAML"
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    return ManifestError(what, source=source, instead=instead, line=line, column=column)
