"""Writes plain values as YAML that every reader takes for the same values.

A writer of its own: the usual one leaves strings such as `1e3`, `0o17` or `y` bare, which readers in Go take for numbers and
booleans, and needs milliseconds for what is written here in a tenth of one. Every string that is not plainly a word or a duration is quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*", re.ASCII)
_DURATION = re.compile(r"(?:0|[1-9][0-9]*)(?:ms|s|m|h)", re.ASCII)
_SPECIAL_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LONGEST_FLOW = 100


def block_yaml(value: Mapping[str, Any]) -> str:
    """A mapping as block YAML in the order of its keys; lists of short scalars stay on one line, lines are never folded."""
    if not value:
        return "{}\n"
    lines: list[str] = []
    _write_mapping(value, "", "", lines)
    return "".join(lines)


def _write_mapping(value: Mapping[str, Any], first: str, rest: str, lines: list[str]) -> None:
    """Adds the lines of a mapping: `first` stands in front of its first line, `rest` in front of the others."""
    indent = first
    for key, item in value.items():
        inline = _inline(item)
        lines.append(f"{indent}{_text(key)}:\n" if inline is None else f"{indent}{_text(key)}: {inline}\n")
        indent = rest
        if inline is None:
            deeper = f"{rest}  "
            write = _write_mapping if isinstance(item, Mapping) else _write_sequence
            write(item, deeper, deeper, lines)


def _write_sequence(value: Any, first: str, rest: str, lines: list[str]) -> None:
    indent = first
    for item in value:
        inline = _inline(item)
        if inline is not None:
            lines.append(f"{indent}- {inline}\n")
        else:
            write = _write_mapping if isinstance(item, Mapping) else _write_sequence
            write(item, f"{indent}- ", f"{rest}  ", lines)
        indent = rest


def _inline(value: Any) -> str | None:
    """A value that fits behind its key, None for a mapping or list that needs lines of its own."""
    if value.__class__ is str:
        return _text(value)
    if isinstance(value, Mapping):
        return None if value else "{}"
    if not isinstance(value, (list, tuple)):
        return _scalar(value)
    if any(isinstance(item, (Mapping, list, tuple)) for item in value):
        return None
    flow = f"[{', '.join(map(_scalar, value))}]"
    return flow if len(flow) <= _LONGEST_FLOW else None


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        digits, exponent, power = repr(value).partition("e")
        return f"{digits if '.' in digits else f'{digits}.0'}{exponent}{power}"
    return str(value) if isinstance(value, int) else _text(str(value))


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    if _DURATION.fullmatch(text) or (_WORD.fullmatch(text) and text.lower() not in _SPECIAL_WORDS):
        return text
    quoted = json.dumps(text, ensure_ascii=False)  # double quotes and the escapes of JSON are YAML's as well
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)
