"""Quantities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.model.quantity import canonical, nanos, quantity_problem, whole

SUFFIXES = ["", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-3"]
quantities = st.builds(
    lambda number, fraction, suffix: f"{number}{fraction}{suffix}",
    st.integers(0, 10**6),
    st.sampled_from(["", ".", ".5", ".25", ".001"]),
    st.sampled_from(SUFFIXES),
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("512", "512"),
        ("1000", "1k"),
        ("1024", "1024"),
        ("0.5Ki", "512"),
        ("1e3", "1e3"),
        ("100Mi", "100Mi"),
        ("0", "0"),
        ("0Mi", "0"),
        ("+2", "2"),
        ("12e6", "12e6"),
        ("1500m", "1500m"),
        ("0.1Ki", "102400m"),
        ("62.5Ki", "64k"),
        ("1536E", "1536E"),
    ],
)
def test_a_quantity_is_written_as_the_api_server_writes_it(written: str, expected: str) -> None:
    """One value has one form, so that GitOps tools see no difference."""
    assert canonical(written) == expected


@given(quantities)
def test_the_canonical_form_has_the_same_value(text: str) -> None:
    """Nothing is lost, and a canonical form is its own."""
    assert nanos(canonical(text)) == nanos(text)
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    "text", ["", "abc", "1 Gi", "1gb", "1.2.3", "--1", "1e", "0x10", "\u0661", None, True, 1.5, float("nan")]
)
def test_what_is_no_quantity_is_told(text: object) -> None:
    """Text that the API server would refuse, and Python values that lose precision, are problems."""
    assert quantity_problem(text) is not None


def test_a_negative_quantity_is_told() -> None:
    """Requests and limits are never negative."""
    assert quantity_problem("-1") is not None


def test_whole_units_are_rounded_up() -> None:
    """A limit of one and a half bytes is two bytes."""
    assert whole("1500m") == 2
    assert whole("1Ki") == 1024
