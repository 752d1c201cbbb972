"""Reading manifest files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def load(text: str) -> Any:
    """The only document of a text."""
    (document,) = load_documents(text, source="f.yaml")
    return document.data


class TestData:
    """What becomes of the text."""

    def test_quotes_and_tags_keep_text_as_text(self) -> None:
        """What would be a number or a boolean without quotes is text with them."""
        assert load("a: 'y'\nb: \"0640\"\nc: !!str 1e3\nd: |\n  8\n") == {"a": "y", "b": "0640", "c": "1e3", "d": "8\n"}

    def test_keys_are_text(self) -> None:
        """Numbers and booleans as keys become text as in kubectl."""
        assert load("{1: a, 0x10: b, y: c, 1.5: d, 2024-01-01: e}") == {
            "1": "a",
            "16": "b",
            "true": "c",
            "1.5": "d",
            "2024-01-01": "e",
        }

    @given(st.dictionaries(texts, values) | st.lists(values))
    @example({"a": "\x7f\u2028\u0085", "\U0001f600": "\ud7ff"})
    def test_json_comes_back_as_it_was(self, value: object) -> None:
        """JSON is read whatever its indentation and its escapes."""
        assert load(json.dumps(value)) == value
        assert load(json.dumps(value, indent="\t")) == value
        assert load(json.dumps(value, ensure_ascii=False)) == value

    @given(st.lists(st.dictionaries(texts, values), min_size=1, max_size=4))
    def test_json_values_may_follow_each_other(self, found: list[dict[str, Any]]) -> None:
        """A stream of JSON values is as many documents."""
        documents = load_documents("\n".join(map(json.dumps, found)), source="f.json")
        assert [document.data for document in documents] == found
        assert [document.index for document in documents] == list(range(1, len(found) + 1))

    def test_json_and_yaml_agree_on_numbers(self) -> None:
        """A number means the same in both."""
        text = "[1.0, 1e2, -0.0, 1.5, 9223372036854775808]"
        assert load(text) == load("# YAML\n" + text) == [1, 100, 0, 1.5, 2.0**63]
        assert [type(number) for number in load(text)] == [int, int, int, float, float]

    def test_half_a_character_can_be_written_again(self) -> None:
        """A lone surrogate becomes the replacement character, a whole pair its character."""
        assert load(r'{"a": "\ud800", "b": "\ud83d\ude00", "c": "\\ud800"}') == {
            "a": "\ufffd",
            "b": "\U0001f600",
            "c": "\\ud800",
        }

    def test_documents_are_numbered_and_empty_ones_left_out(self) -> None:
        """Comments and bare separators are no documents, but count."""
        documents = load_documents("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n", source="f.yaml")
        assert [document.data for document in documents] == [{"a": 1}, {"b": 2}]
        assert [document.index for document in documents] == [2, 4]

    @pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "null\n", "\ufeff"])
    def test_a_file_without_content_has_no_documents(self, text: str) -> None:
        """Nothing is not an error."""
        assert load_documents(text, source="f.yaml") == ()

    def test_a_byte_order_mark_and_dos_line_ends_are_read(self) -> None:
        """Files come from any editor."""
        assert load("\ufeffa: 1\r\nb: |\r\n  x\r\n") == {"a": 1, "b": "x\n"}

    def test_tabs_are_blanks_in_flow_style(self) -> None:
        """JSON with comments may be indented by tabs as well."""
        assert load("# by hand\n{\n\ta: 1,\n\tb: [\t2]}\n") == {"a": 1, "b": [2]}


class TestAliases:
    """Anchors, aliases and merges."""

    def test_an_alias_stands_for_its_value(self) -> None:
        """Scalars, lists and mappings can be written once."""
        assert load("a: &a [1]\nb: *a\nc: &c x\n? *c\n: *c\n") == {"a": [1], "b": [1], "c": "x", "x": "x"}

    @pytest.mark.parametrize(
        ("user", "merged"),
        [
            ("{<<: *one, x: 3}", {"w": 1, "x": 3}),
            ("{x: 3, <<: *one}", {"x": 1, "w": 1}),
            ("{<<: [*one, *two]}", {"w": 1, "x": 1}),
            ("{<<: *one, <<: *two}", {"w": 1, "x": 2}),
            ("{<<: {q: 1}}", {"q": 1}),
            ("{'<<': {q: 1}}", {"<<": {"q": 1}}),
            ("<<", "<<"),
        ],
    )
    def test_merges_go_in_order_as_in_kubectl(self, user: str, merged: object) -> None:
        """What stands later wins, of a list of mappings the first; measured with kubectl 1.37.2."""
        assert load(f"one: &one {{w: 1, x: 1}}\ntwo: &two {{x: 2}}\nuser: {user}\n")["user"] == merged

    def test_many_values_without_aliases_are_no_bomb(self) -> None:
        """Only what aliases add is limited, not the size of a file."""
        (document,) = load_documents("[" + "1," * 1_100_000 + "1]", source="f.yaml")
        assert len(document.data) == 1_100_001


@given(st.text() | st.text(alphabet="{}[]:,-&*<!?|>'\"#% \n\tab01~.é"))
@example("9" * 5000 + ": x")
@example('{"a": ' + "9" * 5000 + "}")
def test_any_text_loads_or_is_refused(text: str) -> None:
    """No input ends in another exception, and what loads is plain and has positions."""
    try:
        documents = load_documents(text, source="f.yaml")
    except ManifestError as error:
        assert error.problems  # noqa: PT017 - any text may be refused
        return
    for document in documents:
        json.dumps(document.data, allow_nan=False)
        assert document.nearest_position("/a/0") >= (1, 1)
