"""Immutable copies of what users pass in."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from enum import Enum
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.errors import InvalidValueError
from sidecarlib.model.frozen import FrozenMap, freeze, thaw

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Color(Enum):
    """An enumeration as users have them."""

    RED = "red"


@given(json_values)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    """Freezing and thawing gives the same plain value, with keys in the same order."""
    back = thaw(freeze(value, "here"))
    assert back == value
    assert repr(back) == repr(value)


@given(json_values)
def test_a_frozen_value_can_be_hashed(value: object) -> None:
    """Whatever is frozen can be a key of a dict."""
    assert hash(freeze(value, "here")) == hash(freeze(value, "here"))


def test_later_changes_of_the_input_are_not_seen() -> None:
    """The copy does not share anything with what the user holds."""
    given_list = {"args": ["a"]}
    frozen = freeze(given_list, "here")
    given_list["args"].append("b")
    assert thaw(frozen) == {"args": ["a"]}


def test_a_mapping_cannot_be_changed() -> None:
    """There is no way to set a key."""
    with pytest.raises(TypeError):
        FrozenMap({"a": 1})["a"] = 2  # type: ignore[index]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301 - our own bytes
def test_a_mapping_survives_copying(again: object) -> None:
    """Copies and pickles are equal to the original."""
    assert again(FrozenMap({"a": (1, 2)})) == {"a": (1, 2)}  # type: ignore[operator]


def test_enumerations_and_paths_are_their_text() -> None:
    """Values that stand for text are taken as that text."""
    assert thaw(freeze([Color.RED, PurePosixPath("/x")], "here")) == ["red", "/x"]


@pytest.mark.parametrize(
    "value", [{1, 2}, float("nan"), float("inf"), b"x", Decimal("1.5"), object(), {1: "a"}, 2**60], ids=str
)
def test_what_is_no_manifest_value_is_refused(value: object) -> None:
    """Values that would break or change on their way into YAML are refused, with their place."""
    with pytest.raises(InvalidValueError, match=r"@ here\.a\[1\]"):
        freeze({"a": ["fine", value]}, "here")


def test_all_problems_are_told_at_once() -> None:
    """Every bad part of a value is named."""
    with pytest.raises(InvalidValueError) as raised:
        freeze([{1}, float("nan")], "here")
    assert len(raised.value.problems) == 2
