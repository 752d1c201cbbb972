"""Reading manifest files."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents
from sidecarlib.manifests.scalars import plain_scalar

keys = st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


def load(text: str) -> Any:
    """The only document of a text."""
    (document,) = load_documents(text, source="f.yaml")
    return document.data


def pointers(value: object, at: str = "") -> list[tuple[str, object]]:
    """Every JSON pointer in a value, with what stands there."""
    found: list[tuple[str, object]] = [(at, value)]
    if isinstance(value, dict):
        for key, item in value.items():
            found += pointers(item, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += pointers(item, f"{at}/{index}")
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y", True),
        ("No", False),
        ("on", True),
        ("~", None),
        ("", None),
        ("0640", 416),
        ("0o640", 416),
        ("0x1F", 31),
        ("0b11", 3),
        ("-0x10", -16),
        ("1_000", 1000),
        ("08", 8.0),
        ("1e3", 1000.0),
        ("12e03", 12000.0),
        ("-.6", -0.6),
        ("1.", 1.0),
        (".inf", math.inf),
        ("2024-01-01", "2024-01-01"),
        ("12:30", "12:30"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("yes please", "yes please"),
        ("18446744073709551615", 18446744073709551615),
        ("18446744073709551616", 18446744073709551616.0),
        ("0x", "0x"),
        ("+", "+"),
    ],
)
def test_a_plain_scalar_is_read_as_kubectl_reads_it(text: str, value: object) -> None:
    """Neither YAML 1.1 nor 1.2, but what goyaml.v2 makes of it."""
    read = plain_scalar(text)
    assert read == value
    assert type(read) is type(value)


def test_quotes_and_tags_keep_text_as_text() -> None:
    """What would be a number or a boolean without quotes is text with them."""
    assert load("a: 'y'\nb: \"0640\"\nc: !!str 1e3\nd: |\n  8\n") == {"a": "y", "b": "0640", "c": "1e3", "d": "8\n"}


@given(values)
def test_json_comes_back_as_it_was(value: object) -> None:
    """JSON is read whatever its indentation."""
    if value is not None:
        assert load(json.dumps(value)) == value
        assert load(json.dumps(value, indent="\t")) == value


@given(st.dictionaries(keys, values, min_size=1), st.sampled_from(["block", "flow"]))
def test_positions_point_at_the_very_value(value: dict[str, Any], style: str) -> None:
    """The text at a value's position begins a YAML node with that value, in block and in flow style."""
    text = yaml.dump(value, default_flow_style=style == "flow", default_style='"')
    (document,) = load_documents(text, source="f.yaml")
    lines = text.split("\n")
    for pointer, expected in pointers(document.data):
        place = document.position(pointer)
        assert place is not None
        if not isinstance(expected, (dict, list)) and expected is not None:
            assert lines[place.line - 1][place.column - 1 :].lstrip("!abcdefghijklmnopqrstuvwxyz ").startswith('"')
        key = document.position(pointer, key=True)
        assert key is not None
        assert (key.line, key.column) <= (place.line, place.column)


def test_a_missing_field_is_placed_at_its_nearest_parent() -> None:
    """A finding about what is not there points to where it belongs."""
    (document,) = load_documents("spec:\n  containers:\n  - name: a\n", source="f.yaml")
    assert document.nearest_position("/spec/containers/0/image") == (3, 5)
    assert document.nearest_position("/spec/restartPolicy") == (1, 1)


def test_documents_are_numbered_and_empty_ones_left_out() -> None:
    """Comments and bare separators are no documents, but count."""
    documents = load_documents("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n", source="f.yaml")
    assert [document.data for document in documents] == [{"a": 1}, {"b": 2}]
    assert len({document.index for document in documents}) == 2


def test_a_byte_order_mark_and_dos_line_ends_are_read() -> None:
    """Files from any editor."""
    assert load("\ufeffa: 1\r\nb: |\r\n  x\r\n") == {"a": 1, "b": "x\n"}


def test_merged_keys_stand_behind_ones_own() -> None:
    """A key of the mapping itself wins over the merged one, and positions are found in both."""
    text = "base: &base {w: 1, x: 2}\nuser:\n  <<: *base\n  x: 3\n"
    (document,) = load_documents(text, source="f.yaml")
    assert document.data["user"] == {"w": 1, "x": 3}
    assert document.position("/user/w") == (1, 17)
    assert document.position("/user/x") == (4, 6)


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "key 'a' stands twice"),
        ("1: a\n'1': b\n", "f.yaml:2:1", "key '1' stands twice"),
        ("a: [1\n", "f.yaml:2:1", "expected"),
        ("a: {{ .Values.x }}\n", "f.yaml:1:5", "as in a template"),
        ("{% if x %}\na: 1\n{% endif %}\n", "f.yaml", "a template, not YAML"),
        ("a: *missing\n", "f.yaml:1:4", "undefined alias"),
        ("a: &a [*a]\n", "f.yaml:1", "an alias inside"),
        ("a: " + "[" * 300 + "]" * 300, "f.yaml:1", "levels of nesting"),
        ("".join("  " * depth + "a:\n" for depth in range(300)), "f.yaml:2", "levels of nesting"),
        ("a: &a x\nb:\n  <<: *a\n", "f.yaml:1", "a merge of what is no mapping"),
        ("? [a]\n: 1\n", "f.yaml:1", "a key that is no text"),
        ("a: \x00", "f.yaml", "control characters"),
    ],
)
def test_what_kubectl_cannot_read_is_one_clear_error(text: str, place: str, told: str) -> None:
    """The error tells what, in which file, line and column, and what to write instead."""
    with pytest.raises(ManifestError) as raised:
        load_documents(text, source="f.yaml")
    (problem,) = raised.value.problems
    assert problem.where.startswith(place)
    assert told in problem.what
    assert problem.instead


def test_an_alias_bomb_is_refused_at_once() -> None:
    """A few lines that stand for billions of values do no harm."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    with pytest.raises(ManifestError, match="values"):
        load_documents("\n".join(lines), source="f.yaml")


@given(st.text())
def test_any_text_loads_or_is_refused(text: str) -> None:
    """No input ends in another exception."""
    refused: ManifestError | None = None
    try:
        load_documents(text, source="f.yaml")
    except ManifestError as error:
        refused = error
    assert refused is None or refused.problems
