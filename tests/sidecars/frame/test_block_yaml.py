"""YAML that every reader takes for the same values."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.sidecars.frame.block_yaml import block_yaml

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "0123456789.eExo_:-+~ yn", max_size=6
)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


class TestReading:
    """What a reader gets."""

    @given(st.dictionaries(texts, values, max_size=5))
    def test_what_is_written_is_what_is_read(self, value: dict[str, Any]) -> None:
        """Any mapping comes back as it was, whatever its strings look like."""
        assert yaml.safe_load(block_yaml(value)) == value

    @pytest.mark.parametrize(
        "text", ["y", "No", "1e3", "0o17", "0640", "12:30", "=", "<<", "~", "null", "2024-01-01", ""]
    )
    def test_text_that_some_reader_takes_for_something_else_is_quoted(self, text: str) -> None:
        """Readers in Go and Python differ on these when they are bare."""
        assert block_yaml({"key": text}) == f'key: "{text}"\n'


class TestLayout:
    """What a reviewer sees."""

    def test_keys_keep_their_order_and_words_stay_bare(self) -> None:
        """The text reads like one that a person wrote."""
        value = {
            "service": {"pipelines": {"logs": {"receivers": ["otlp", "otlp/b"], "exporters": []}}},
            "a": {"timeout": "2s"},
        }
        assert block_yaml(value) == (
            "service:\n  pipelines:\n    logs:\n      receivers: [otlp, otlp/b]\n      exporters: []\na:\n  timeout: 2s\n"
        )

    def test_a_list_of_mappings_has_a_dash_for_each(self) -> None:
        """Lists that hold more than scalars are written as blocks."""
        assert block_yaml({"a": [{"b": 1, "c": {"d": None}}]}) == "a:\n  - b: 1\n    c:\n      d: null\n"

    def test_a_long_line_is_never_folded(self) -> None:
        """A changed word changes one line."""
        assert block_yaml({"a": "x " * 200}).count("\n") == 1

    def test_nothing_is_an_empty_mapping(self) -> None:
        """An empty text would be null."""
        assert block_yaml({}) == "{}\n"
