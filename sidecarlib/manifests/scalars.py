"""YAML scalars as kubectl reads them.

kubectl reads YAML through `sigs.k8s.io/yaml`, whose resolver is neither YAML 1.1 nor 1.2, and makes JSON of it: `y` is true, `1e3`
is 1000, `0640` and `0o640` are octal, `1_000` is a thousand, and a date stays text. Measured with kubectl 1.37.2.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from functools import lru_cache
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NOT_FINITE: dict[str, float] = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_NUMBERS_BEGIN_WITH = frozenset("+-.0123456789")
_INTEGER = re.compile(
    r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|(?<![-+])0b[-+][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)", re.ASCII
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_SEPARATED_FRACTION = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?", re.ASCII)
_LARGEST = 2**63 - 1
_LONGEST_INTEGER = 70
"""Characters: 64 binary digits with their sign and prefix."""
_TAG = "tag:yaml.org,2002:"
_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "null": (type(None),),
}


def plain_scalar(text: str) -> Scalar:
    """The value of a scalar without quotes and without a tag; a whole number of 64 bits is an int, however it is written."""
    if text[:1] in _NUMBERS_BEGIN_WITH:
        return _number(text)
    return _WORDS.get(text, text)


def tagged_scalar(tag: str, text: str) -> Scalar:
    """The value of a scalar with an explicit tag; a tag that is not YAML's own leaves text. Raises `ValueError`."""
    name = tag.removeprefix(_TAG)
    if tag == _TAG + "binary":
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            raise ValueError("a !!binary value that is no base64") from None
    expected = _TYPES.get(name) if name != tag else None
    if expected is None:
        return text
    value = plain_scalar(text)
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        raise ValueError(f"{text!r} is no !!{name}")
    return value


def key_text(value: object) -> str | None:
    """The JSON key that a scalar becomes; None for what kubectl refuses as a key."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return format(value, "g") if isinstance(value, float) else None


def whole(number: float) -> int | float:
    """The number as JSON has it, which does not tell 1.0 from 1."""
    return int(number) if number.is_integer() and -_LARGEST - 1 <= number < _LARGEST else number


@lru_cache(maxsize=4096)
def _number(text: str) -> Scalar:
    if text[0] == ".":
        if _SEPARATED_FRACTION.fullmatch(text) is None:
            return _NOT_FINITE.get(text, text)
        return _finite(text.replace("_", ""), text)
    digits = text.replace("_", "")
    match = _INTEGER.fullmatch(digits)
    if match is not None and len(digits) <= _LONGEST_INTEGER:
        value = _integer(match.group(2)) * (-1 if match.group(1) == "-" else 1)
        if -_LARGEST - 1 <= value <= _LARGEST:
            return value
    return _finite(digits, text) if _FLOAT.fullmatch(digits) else _NOT_FINITE.get(text, text)


def _finite(digits: str, text: str) -> Scalar:
    number = float(digits)
    return whole(number) if math.isfinite(number) else text


def _integer(digits: str) -> int:
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2].lower())
    if base is not None:
        return int(digits[2:], base)
    return int(digits, 8 if digits[0] == "0" else 10)
