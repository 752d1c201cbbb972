"""Reading manifest files."""

from __future__ import annotations

import json
import sys
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


def refusal(text: str) -> ManifestError:
    """The error that a text gives."""
    with pytest.raises(ManifestError) as raised:
        load_documents(text, source="f.yaml")
    return raised.value


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

    def test_an_alias_bomb_is_refused_at_once(self) -> None:
        """A few lines that stand for billions of values do no harm."""
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
        assert "values" in refusal("\n".join(lines)).problems[0].what

    def test_aliases_cannot_nest_deeper_than_text(self) -> None:
        """A chain of aliases makes no data that is too deep to walk."""
        lines = ["a0: &a0 [x]"] + [f"a{level}: &a{level} [*a{level - 1}]" for level in range(1, 400)]
        assert "levels of nesting" in refusal("\n".join(lines)).problems[0].what

    def test_many_values_without_aliases_are_no_bomb(self) -> None:
        """Only what aliases add is limited, not the size of a file."""
        (document,) = load_documents("[" + "1," * 1_100_000 + "1]", source="f.yaml")
        assert len(document.data) == 1_100_001


class TestRefusals:
    """What is no manifest."""

    @pytest.mark.parametrize(
        ("text", "place", "told"),
        [
            ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "key 'a' stands twice"),
            ('{"a": 1, "b": {"c": 1,\n "c": 2}}', "f.yaml:2:2", "key 'c' stands twice"),
            ("1: a\n'1': b\n", "f.yaml:2:1", "key '1' stands twice"),
            ("x: 1\n<<: {x: 2}\nx: 3\n", "f.yaml:3:1", "key 'x' stands twice"),
            ("~: a\n", "f.yaml:1:1", "a key that is no text"),
            ("a: [1\n", "f.yaml:2:1", "expected"),
            ("a: 1\n\tb: 2\n", "f.yaml:2", "tab"),
            ("a: *missing\n", "f.yaml:1:4", "without an anchor"),
            ("a: &a 1\n---\nb: *a\n", "f.yaml:3:4", "without an anchor"),
            ("a: &a [*a]\n", "f.yaml:1:8", "inside the value that it stands for"),
            ("a: &a x\nb:\n  <<: *a\n", "f.yaml:3:7", "a merge of what is no mapping"),
            ("? [a]\n: 1\n", "f.yaml:1:3", "a key that is no text"),
            ("a: .nan\n", "f.yaml:1:4", "no JSON number"),
            ("a: !!int x\n", "f.yaml:1:4", "'x' is no !!int"),
            ("a: x\nü: é\x00", "f.yaml:2:5", "control characters"),
            ("a: \ud800", "f.yaml:1:4", "surrogates"),
        ],
    )
    def test_what_cannot_be_read_is_one_clear_error(self, text: str, place: str, told: str) -> None:
        """The error tells what, in which file, line and column, and what to write instead."""
        (problem,) = refusal(text).problems
        assert problem.where.startswith(place)
        assert told in problem.what
        assert problem.instead

    @pytest.mark.parametrize(
        "text",
        [
            "a: " + "[" * 300 + "]" * 300,
            "- " * 300 + "a",
            "".join("  " * depth + "a:\n" for depth in range(300)),
            '{"a":' * 300 + "1" + "}" * 300,
            "[" * 100_000,
            '{"a":' * 100_000,
        ],
        ids=["flow", "dashes", "block", "json", "endless list", "endless object"],
    )
    def test_deep_nesting_is_refused(self, text: str) -> None:
        """However the levels are written, no file is deeper than the code that reads it can go."""
        assert "levels of nesting" in refusal(text).problems[0].what

    def test_usual_depth_is_far_below_the_limit(self) -> None:
        """A hundred levels are read, from YAML as from JSON."""
        assert load("- " * 100 + "a") == load("[" * 100 + '"a"' + "]" * 100)

    @pytest.mark.parametrize(
        "text",
        [
            "a: {{ .Values.x }}\n",
            "{{- if .Values.x }}\na: 1\n{{- end }}\n",
            "a:\n  {{- toYaml .Values.x | nindent 2 }}\n",
            "- {{ item }}: x\n  b\n",
            "{% if x %}\na: 1\n{% endif %}\n",
            "a:\n<% unless x %>\n  b: [\n",
        ],
    )
    def test_a_template_is_told_from_broken_yaml(self, text: str) -> None:
        """The error says that it is one, and to render it first."""
        error = refusal(text)
        assert error.is_template
        assert "a template, not YAML" in str(error)
        assert "render it first" in str(error)

    @pytest.mark.parametrize("text", ["a: '{{ x }}'\nb: [\n", "# {{ x }}\nb: [\n", "a: [\n"])
    def test_broken_yaml_is_not_called_a_template(self, text: str) -> None:
        """Braces inside a text or a comment are nothing special."""
        assert not refusal(text).is_template

    def test_braces_in_text_are_read(self) -> None:
        """A ConfigMap may hold somebody else's templates."""
        assert load("a: '{{ x }}'\nb: |\n  {{ y }}\n  {% z %}\n") == {"a": "{{ x }}", "b": "{{ y }}\n{% z %}\n"}


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


def test_the_parser_in_python_serves_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml the same text gives the same data, positions and refusals."""
    import yaml  # noqa: PLC0415 - the module as it is patched

    text = "a: &a {x: [1, y]}\nb: *a\n---\nc: |\n  é\n"
    usual = load_documents(text, source="f.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader")
    monkeypatch.delitem(sys.modules, "sidecarlib.manifests.yaml_events")
    import sidecarlib.manifests.yaml_events as in_python  # noqa: PLC0415 - read again

    monkeypatch.setattr("sidecarlib.manifests.yaml_data.YamlEvents", in_python.YamlEvents)
    slow = load_documents(text, source="f.yaml")
    assert [document.data for document in slow] == [document.data for document in usual]
    assert slow[0].position("/b") == usual[0].position("/b")
    assert slow[1].position("/c") == usual[1].position("/c")
    assert refusal("ü: é\x00").column == 5
