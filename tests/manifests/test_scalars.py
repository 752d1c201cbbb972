"""Scalars as kubectl reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.scalars import key_text, plain_scalar, tagged_scalar

MEASURED = [
    # What kubectl 1.37.2 printed for each of them.
    ("y", True),
    ("Y", True),
    ("yes", True),
    ("on", True),
    ("TRUE", True),
    ("n", False),
    ("No", False),
    ("off", False),
    ("yEs", "yEs"),
    ("nUll", "nUll"),
    ("yes please", "yes please"),
    ("", None),
    ("~", None),
    ("Null", None),
    ("0640", 416),
    ("0o640", 416),
    ("0O17", 15),
    ("0x1F", 31),
    ("0X1f", 31),
    ("0b11", 3),
    ("-0x10", -16),
    ("+5", 5),
    ("0b-1", -1),
    ("0b", "0b"),
    ("0x", "0x"),
    ("0o8", "0o8"),
    ("08", 8),
    ("01e3", 1000),
    ("1_000", 1000),
    ("0_7", 7),
    ("1_", 1),
    ("_1", "_1"),
    ("1e3", 1000),
    ("12e03", 12000),
    ("1e_3", 1000),
    ("1.", 1),
    ("1.0", 1),
    ("1e21", 1e21),
    ("1e-3", 0.001),
    ("-.6", -0.6),
    (".5_0", 0.5),
    (".5_", ".5_"),
    ("._5", "._5"),
    ("1e400", "1e400"),
    ("1ee3", "1ee3"),
    ("9223372036854775807", 2**63 - 1),
    ("9223372036854775808", 2.0**63),
    ("18446744073709551616", 2.0**64),
    ("2024-01-01", "2024-01-01"),
    ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
    ("12:30", "12:30"),
    ("1.2.3", "1.2.3"),
    ("=", "="),
    ("+", "+"),
    (".", "."),
    ("inf", "inf"),
    ("\u0661", "\u0661"),
]


@pytest.mark.parametrize(("text", "value"), MEASURED)
def test_a_plain_scalar_is_read_as_kubectl_reads_it(text: str, value: object) -> None:
    """It is neither YAML 1.1 nor 1.2, and a whole number is an int however it is written."""
    read = plain_scalar(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "+.Inf", "-.INF"])
def test_what_is_no_json_number_is_told_apart(text: str) -> None:
    """Infinity and not-a-number are floats, which the reader refuses."""
    read = plain_scalar(text)
    assert isinstance(read, float)
    assert not math.isfinite(read)


@given(st.text(alphabet="0123456789+-._eExXoObBaAfF~", max_size=12))
def test_every_number_is_finite_and_everything_else_is_the_text(text: str) -> None:
    """No text raises, and none changes unless it is a number, a word or nothing."""
    read = plain_scalar(text)
    assert read is None or isinstance(read, (int, float)) or read == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_integer_of_64_bits_is_exact(number: int) -> None:
    """Decimal, hexadecimal, octal and binary notation give the same number."""
    sign, digits = ("-", -number) if number < 0 else ("", number)
    for text in (f"{sign}{digits}", f"{sign}{digits:#x}", f"{sign}{digits:#o}", f"{sign}{digits:#b}"):
        assert plain_scalar(text) == number


def test_numbers_of_any_length_are_read() -> None:
    """Thousands of digits are one large float or text, never an error."""
    assert isinstance(plain_scalar("9" * 300), float)
    assert plain_scalar("9" * 5000) == "9" * 5000


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("tag:yaml.org,2002:str", "1e3", "1e3"),
        ("tag:yaml.org,2002:int", "0x10", 16),
        ("tag:yaml.org,2002:float", "1", 1),
        ("tag:yaml.org,2002:bool", "yes", True),
        ("tag:yaml.org,2002:null", "", None),
        ("tag:yaml.org,2002:binary", "aGVs\n bG8=", "hello"),
        ("tag:yaml.org,2002:timestamp", "2024-01-01", "2024-01-01"),
        ("!env", "1", "1"),
        ("!", "1", "1"),
    ],
)
def test_a_tag_decides_the_type(tag: str, text: str, value: object) -> None:
    """YAML's own tags convert, any other leaves text."""
    assert tagged_scalar(tag, text) == value


@pytest.mark.parametrize(
    ("tag", "text"), [("int", "x"), ("int", "yes"), ("bool", "1"), ("null", "x"), ("float", "x"), ("binary", "@@")]
)
def test_a_value_that_is_not_of_its_tag_is_refused(tag: str, text: str) -> None:
    """As kubectl refuses it."""
    with pytest.raises(ValueError, match=tag):
        tagged_scalar(f"tag:yaml.org,2002:{tag}", text)


@pytest.mark.parametrize(
    ("value", "key"), [("a", "a"), (True, "true"), (16, "16"), (1.5, "1.5"), (1e21, "1e+21"), (None, None), ([], None)]
)
def test_a_key_becomes_text_as_in_kubectl(value: object, key: str | None) -> None:
    """Numbers and booleans are written out, everything else is no key."""
    assert key_text(value) == key
