"""What is no manifest."""

from __future__ import annotations

import pytest

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents


def load(text: str) -> object:
    """The only document of a text."""
    (document,) = load_documents(text, source="f.yaml")
    return document.data


def refusal(text: str) -> ManifestError:
    """The error that a text gives."""
    with pytest.raises(ManifestError) as raised:
        load_documents(text, source="f.yaml")
    return raised.value


class TestSyntax:
    """What cannot be read."""

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


class TestAliases:
    """Aliases that would explode."""

    def test_an_alias_bomb_is_refused_at_once(self) -> None:
        """A few lines that stand for billions of values do no harm."""
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
        assert "values" in refusal("\n".join(lines)).problems[0].what

    def test_aliases_cannot_nest_deeper_than_text(self) -> None:
        """A chain of aliases makes no data that is too deep to walk."""
        lines = ["a0: &a0 [x]"] + [f"a{level}: &a{level} [*a{level - 1}]" for level in range(1, 400)]
        assert "levels of nesting" in refusal("\n".join(lines)).problems[0].what
