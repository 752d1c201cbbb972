"""Kubernetes quantities: `100m`, `1.5Gi`, `2`, `1e3`, read exactly and written as the API server writes them.

Source: `k8s.io/apimachinery/pkg/api/resource`, `ParseQuantity` and `CanonicalizeBytes`.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from functools import lru_cache

NANO = 10**9
THOUSANDTH = NANO // 1000
"""What the API server rounds requests and limits up to (SetDefaults_ResourceList)."""
_SYNTAX = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])?)", re.ASCII)
_BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL_SUFFIX = {power: suffix for suffix, power in _DECIMAL.items()}
_LARGEST = 2**63 - 1


def quantity_problem(text: object) -> str | None:
    """What to write instead of `text`, or None when it is a quantity."""
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        return "write a quantity as text, like '250m' or '64Mi'"
    if _SYNTAX.fullmatch(str(text)) is None:
        return "write digits and one of n u m k M G T P E Ki Mi Gi Ti Pi Ei, like '250m' or '64Mi'"
    return "write a quantity of zero or more" if nanos(str(text)) < 0 else None


@lru_cache(maxsize=4096)
def nanos(text: str) -> int:
    """The exact value in billionths, rounded up as the API server does; `text` must be a quantity."""
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no quantity")
    sign, digits, exponent, suffix = match.groups()
    with localcontext() as context:
        context.prec = 100
        number = Decimal(digits) * NANO
        if suffix in _BINARY:
            number *= 1024 ** (_BINARY.index(suffix) + 1)
        elif exponent:
            number = number.scaleb(max(-100, min(int(exponent[1:]), 100)))
        else:
            number = number.scaleb(_DECIMAL[suffix or ""])
        whole = int(number)
        value = whole + (number > whole)
        if suffix in _BINARY:
            value = min(value, _LARGEST * NANO)
    return -value if sign == "-" else value


@lru_cache(maxsize=4096)
def canonical(text: str, smallest: int = 1) -> str:
    """The one way in which the API server writes this value: `1000m` is `1`, `1024Mi` is `1Gi`.

    It is rounded up to a multiple of `smallest` billionths.
    """
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no quantity")
    value = -(-nanos(text) // smallest) * smallest
    exponent, suffix = match.group(3), match.group(4)
    if suffix in _BINARY and value and value % (1024 * NANO) == 0:
        return _with_binary_suffix(value // NANO)
    power, largest = min(_DECIMAL_SUFFIX), max(_DECIMAL_SUFFIX)
    while power < largest and value and value % 1000 == 0:
        value, power = value // 1000, power + 3
    if value == 0:
        return "0"
    if exponent:
        return f"{value}e{power}" if power else str(value)
    return f"{value}{_DECIMAL_SUFFIX[power]}"


def _with_binary_suffix(value: int) -> str:
    order = 0
    while order < len(_BINARY) and value % 1024 == 0:
        value, order = value // 1024, order + 1
    return f"{value}{_BINARY[order - 1]}"


def whole(text: str) -> int:
    """The value in whole units (bytes, cores), rounded up."""
    return -(-nanos(text) // NANO)
