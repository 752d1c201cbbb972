"""Where in a file things stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sidecarlib.manifests.loading import Document, load_documents

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=8)
keys = st.text(alphabet=st.characters(codec="utf-8", max_codepoint=0xFFFF), max_size=8)
printable = st.text(alphabet="ab ü/~:#'\"{}[],&*-?|>%@`\n\u2028\u0085", max_size=8)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53)


def trees(names: st.SearchStrategy[str], words: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Documents as manifests are: a mapping of whatever."""
    values = st.recursive(
        scalars | words,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=15,
    )
    return st.dictionaries(names, values, min_size=1, max_size=4)


def pointers(value: object, at: str = "") -> list[tuple[str, str | None, object]]:
    """Every JSON pointer in a value, with its key and what stands there."""
    found: list[tuple[str, str | None, object]] = []
    if isinstance(value, dict):
        for key, item in value.items():
            inner = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
            found += [(inner, key, item), *pointers(item, inner)]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += [(f"{at}/{index}", None, item), *pointers(item, f"{at}/{index}")]
    return found


def text_at(text: str, document: Document, pointer: str, *, key: bool = False) -> str:
    """What follows the position of a pointer in a file, counted in the lines that an editor shows."""
    place = document.position(pointer, key=key)
    assert place is not None
    return "\n".join(text.split("\n")[place.line - 1 :])[place.column - 1 :]


class TestEveryToken:
    """The text at a position is the value of its pointer."""

    @given(st.lists(trees(keys, texts), min_size=1, max_size=3), st.sampled_from([None, 1, "\t"]))
    @example([{"\ud7ff": "\U0001f600", "~/": [{"": "\u2028\x7f"}]}], None)
    def test_in_json(self, values: list[dict[str, Any]], indent: int | str | None) -> None:
        """A JSON value begins there, and its key does, however the file is indented."""
        text = "\n".join(json.dumps(value, indent=indent) for value in values)
        decoder = json.JSONDecoder()
        for value, document in zip(values, load_documents(text, source="f.json"), strict=True):
            for pointer, key, expected in pointers(value):
                assert decoder.raw_decode(text_at(text, document, pointer))[0] == expected
                if key is not None:
                    assert decoder.raw_decode(text_at(text, document, pointer, key=True))[0] == key

    @given(st.lists(trees(printable, printable), min_size=1, max_size=3), st.booleans(), st.sampled_from(['"', "'"]))
    def test_in_yaml(self, values: list[dict[str, Any]], flow: bool, quotes: str) -> None:  # noqa: FBT001 - given
        """Scalars and keys parse to their value from there on, in block and in flow style, in any document."""
        text = yaml.dump_all(values, default_flow_style=flow, default_style=quotes, allow_unicode=True, width=1000)
        for document in load_documents(text, source="f.yaml"):
            for pointer, key, expected in pointers(document.data):
                if not isinstance(expected, (dict, list)):
                    assert self._first_scalar(text_at(text, document, pointer)) == str(yaml_value(expected))
                if key is not None:
                    assert self._first_scalar(text_at(text, document, pointer, key=True)) == key

    @staticmethod
    def _first_scalar(text: str) -> str:
        scalars = (event for event in yaml.parse(text, Loader=yaml.SafeLoader) if isinstance(event, yaml.ScalarEvent))
        return str(next(scalars).value)


def yaml_value(value: object) -> object:
    """A scalar in the notation that PyYAML writes it in."""
    return {None: "null", True: "true", False: "false"}.get(value, value) if isinstance(value, bool | None) else value


class TestPlaces:
    """Places that are worth a word of their own."""

    def test_a_missing_field_is_placed_at_its_nearest_parent(self) -> None:
        """A finding about what is not there points to where it belongs, about what is there to its key."""
        (document,) = load_documents("spec:\n  containers:\n  - name: a\n", source="f.yaml")
        assert document.position("/spec/containers/0/image") is None
        assert document.nearest_position("/spec/containers/0/image") == (3, 5)
        assert document.nearest_position("/spec/restartPolicy") == (1, 1)
        assert document.nearest_position("/spec/containers") == (2, 3)
        assert document.nearest_position("/status") == (1, 1)
        assert document.nearest_position("") == (1, 1)

    @pytest.mark.parametrize("pointer", ["/x", "/a/x", "/a/-1", "/a/2", "/a/01x", "/a/²", "/a/0/b/c/d", "x"])
    def test_what_is_not_there_has_no_position(self, pointer: str) -> None:
        """Whatever is asked for, nothing raises."""
        (document,) = load_documents("a:\n- b: {c: 1}\n- 2\n", source="f.yaml")
        assert document.position(pointer) is None or pointer == "x"

    def test_lines_count_from_the_beginning_of_the_file(self) -> None:
        """Comments, separators and indentation before a document belong to the file."""
        text = "# one\n---\n  a: 1\n...\n# two\n%TAG !x! tag:example.com,2026:\n---\n# b\nb:\n  c: !x!y 2\n"
        first, second = load_documents(text, source="f.yaml")
        assert first.position("/a") == (3, 6)
        assert second.position("/b/c", key=True) == (10, 3)

    def test_a_column_is_a_character(self) -> None:
        """Not a byte; and a byte order mark is none, as in an editor."""
        (document,) = load_documents("\ufeffü: [é, {b: c}]\n", source="f.yaml")
        assert document.position("/ü/1/b") == (1, 12)

    @pytest.mark.parametrize("broken", ["\u2028", "\u2029", "\u0085"])
    def test_a_line_is_what_an_editor_shows(self, broken: str) -> None:
        """YAML takes some characters for line ends that no editor does."""
        (document,) = load_documents(f"a: 'x{broken}y'\nb: {{c: d}}\n", source="f.yaml")
        assert document.position("/b/c") == (2, 8)

    def test_an_alias_stands_where_it_is_written(self) -> None:
        """What is inside it stands at the anchor, and so does what is merged."""
        (document,) = load_documents("a: &x {p: {q: 1}}\nb: *x\nc:\n  <<: *x\n  r: 1\n", source="f.yaml")
        assert document.position("/b") == (2, 4)
        assert document.position("/b/p/q") == (1, 15)
        assert document.position("/c/p", key=True) == (1, 8)
        assert document.position("/c/r") == (5, 6)

    def test_several_json_values_in_a_line(self) -> None:
        """Each document has its own columns."""
        documents = load_documents('{"a": 1}{"a": 2}\n {"a": [3]}', source="f.json")
        assert [document.position("/a") for document in documents] == [(1, 7), (1, 15), (2, 8)]
