"""The events of YAML text, and errors in it told in our words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from sidecarlib.manifests.error import ManifestError

# libyaml is what kubectl's parser was ported from, and ten times as fast as the one in Python.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEMPLATE = re.compile(r"^[ \t]*(?:- +)*(?:[^\s#][^#\n]*: +)?(?:\{\{|\{%|<%)", re.MULTILINE)


class YamlEvents:
    """A stream of parser events; `next` answers one after the other and raises `ManifestError` for what is no YAML."""

    __slots__ = ("_loader", "_source", "_text", "next")

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        try:
            self._loader = _Loader(text)
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            self.refuse(error)
        self.next: Callable[[], Any] = self._loader.get_event

    def refuse(self, error: yaml.YAMLError | UnicodeEncodeError) -> NoReturn:
        """Raises what the parser found as a `ManifestError`."""
        what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML")
        instead = "write valid YAML"
        if _TEMPLATE.search(self._text):
            what = f"a template, not YAML ({what})"
            instead = "render it first, for instance with helm template"
        line, column = self._place(error)
        raise ManifestError(what, source=self._source, instead=instead, line=line, column=column) from None

    def close(self) -> None:
        """Frees the parser's memory."""
        self._loader.dispose()

    def _place(self, error: yaml.YAMLError | UnicodeEncodeError) -> tuple[int | None, int | None]:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if mark is not None:
            return mark.line + 1, mark.column + 1
        at = error.start if isinstance(error, UnicodeEncodeError) else self._characters_before(error)
        return (None, None) if at is None else (self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at))

    def _characters_before(self, error: yaml.YAMLError) -> int | None:
        """The index of a character that YAML forbids: libyaml counts bytes, the parser in Python characters."""
        position = getattr(error, "position", None)
        if not isinstance(position, int) or _Loader is yaml.SafeLoader:
            return position
        return len(self._text.encode()[:position].decode(errors="ignore"))
