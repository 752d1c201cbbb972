"""Plain YAML scalars as kubectl reads them.

kubectl reads YAML through `sigs.k8s.io/yaml`, whose resolver (goyaml.v2, `resolve.go`) is neither YAML 1.1 nor 1.2: `y` is true, `1e3`
a number, `0640` and `0o640` are octal, `1_000` is a thousand, and a date stays text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)


@lru_cache(maxsize=4096)
def plain_scalar(text: str) -> Scalar:
    """The value of a scalar without quotes and without a tag."""
    if text in _WORDS:
        return _WORDS[text]
    if not text or text[0] not in "+-.0123456789":
        return text
    digits = text if text[0] == "." else text.replace("_", "")
    if text[0] != "." and (match := _INTEGER.fullmatch(digits)) is not None:
        value = _integer(match.group(2)) * (-1 if match.group(1) == "-" else 1)
        if _SMALLEST <= value <= _LARGEST:
            return value
    if _FLOAT.fullmatch(digits) and math.isfinite(number := float(digits)):
        return number
    return text


def _integer(digits: str) -> int:
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2].lower())
    if base is not None:
        return int(digits[2:], base)
    return int(digits, 8 if digits[0] == "0" else 10)
