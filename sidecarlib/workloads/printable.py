"""Text that cdk8s cannot print so that kubectl reads it back as the same text.

Its YAML writer quotes nearly everything that a reader could take for a number; what it leaves bare was found by printing
60,000 strings with cdk8s 2.70 and reading them as kubectl does.
"""

from __future__ import annotations

import re
from typing import Any

from sidecarlib.errors import Problems
from sidecarlib.manifests.scalars import plain_scalar

_NUMBER_STARTS = "+-0123456789"
_BARE = re.compile(r"[-+]?0_*(?:[oO]|X|B).*|[-+]_.*|[-+]?[0-9.]*[eE][-+0-9]*_[-+0-9_]*")
_BARE_WORDS = frozenset({"=", "<<"})
_LOST = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


def check_printable(problems: Problems, value: Any, where: str) -> None:
    """Notes every text in plain data that kubectl would read as something else; `where` is the path so far."""
    if value.__class__ is str:
        if _LOST.search(value):
            problems.add("a line separator or half a character that YAML does not keep", where, "leave it out")
        elif value[:1] in _NUMBER_STARTS and _BARE.fullmatch(value) and not isinstance(plain_scalar(value), str):
            problems.add(
                f"{value!r} would be printed without quotes and read as a number", where, "write it differently"
            )
        elif value in _BARE_WORDS:
            problems.add(f"{value!r} would be printed without quotes", where, "write it differently")
    elif value.__class__ is dict:
        for key, item in value.items():
            check_printable(problems, item, f"{where}.{key}")
    elif value.__class__ is list:
        for index, item in enumerate(value):
            check_printable(problems, item, f"{where}[{index}]")
