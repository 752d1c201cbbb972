"""The events of YAML text, and what is wrong with it told in our words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from sidecarlib.manifests.error import ManifestError

# libyaml is what kubectl's parser was ported from, and ten times as fast as the one in Python.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A line, or a value, that begins with what Helm, Jinja or ERB put there; never what stands inside a text.
_TEMPLATE = re.compile(r"^[ \t]*+(?:- ++)*+(?:[^\s#][^#\n]*: ++)?(?:\{\{|\{%|<%)", re.MULTILINE)


class YamlEvents:
    """A stream of parser events: `next` answers one after the other."""

    __slots__ = ("_loader", "_source", "_text", "next")

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        try:
            self._loader = _Loader(text)
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            self.refuse_text(error)
        self.next: Callable[[], Any] = self._loader.get_event

    def close(self) -> None:
        """Frees the parser's memory."""
        self._loader.dispose()

    def refuse(self, event: Any, what: str, instead: str) -> NoReturn:
        """Raises `ManifestError` about the place at which an event begins."""
        mark = event.start_mark
        raise ManifestError(what, source=self._source, instead=instead, line=mark.line + 1, column=mark.column + 1)

    def refuse_syntax(self, event: Any, what: str, instead: str) -> NoReturn:
        """The same for what a template engine's braces look like to YAML: says so where the text is a template."""
        if _TEMPLATE.search(self._text) is not None:
            self._refuse_template(what, event.start_mark.line + 1, event.start_mark.column + 1)
        self.refuse(event, what, instead)

    def refuse_text(self, error: yaml.YAMLError | UnicodeEncodeError) -> NoReturn:
        """Raises what the parser found as a `ManifestError`."""
        what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "no YAML")
        line, column = self._place(error)
        if _TEMPLATE.search(self._text) is not None:
            self._refuse_template(what, line, column)
        raise ManifestError(what, source=self._source, instead="write valid YAML", line=line, column=column) from None

    def _refuse_template(self, what: str, line: int | None, column: int | None) -> NoReturn:
        raise ManifestError(
            f"a template, not YAML ({what})",
            source=self._source,
            instead="render it first, for instance with helm template",
            line=line,
            column=column,
            is_template=True,
        ) from None

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
