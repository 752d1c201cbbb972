"""Reading shell scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.rules.frame.shell_script import commands_in, script_in, steps_of
from sidecarlib.rules.frame.waiting import awaited_in, endless_step, required_by

PIECES = st.sampled_from(
    [
        "until",
        "while",
        "for",
        "if",
        "then",
        "else",
        "fi",
        "do",
        "done",
        "case",
        "esac",
        "in",
        "{",
        "}",
        "(",
        ")",
        "((;;))",
        "&&",
        "||",
        "|",
        "&",
        ";",
        ";;",
        "\n",
        "!",
        "f()",
        "true",
        "sleep infinity",
        "break",
        "exit 0",
        "'a b'",
        '"$(x)"',
        "2>&1",
        "# c",
        "\\",
        "'",
        '"',
        "`",
    ]
)


@given(pieces=st.lists(PIECES, max_size=25), junk=st.text(max_size=10))
def test_no_text_is_too_strange(pieces: list[str], junk: str) -> None:
    """Scripts that are no valid shell are read as far as they go."""
    script = " ".join([*pieces, junk])
    list(commands_in(steps_of(script)))
    awaited_in(script)
    required_by(script)
    endless_step(script)


@pytest.mark.parametrize(
    ("words", "script"),
    [
        (["sh", "-c", "x"], "x"),
        (["/bin/bash", "-euo", "pipefail", "-c", "x"], "x"),
        (["/bin/sh", "-ec", "x"], "x"),
        (["timeout", "60", "sh", "-c", "x"], "x"),
        (["/usr/bin/env", "bash", "-c", "x", "argument"], "x"),
        (["sh", "run.sh", "-c", "x"], None),
        (["python", "-c", "x"], None),
        (["push", "-c", "x"], None),
        (["sh"], None),
        ([], None),
    ],
)
def test_the_script_of_a_command_line_is_found(words: list[str], script: str | None) -> None:
    """Behind the shell's options; a file of commands is not in the manifest."""
    found = script_in(words)
    assert (None if found is None else found[0]) == script
    assert found is None or words[found[1]] == script


def test_words_are_unquoted_and_substitutions_stay_whole() -> None:
    """What a command gets, as far as it can be told."""
    script = """grep -q ': 0A' /proc/net/tcp && echo "a b" $(date +%s) $(( $(id -u) + 1 )) > /dev/null 2>&1 # no"""
    assert list(commands_in(steps_of(script))) == [
        ("grep", "-q", ": 0A", "/proc/net/tcp"),
        ("echo", "a b", "$(date +%s)", "$(( $(id -u) + 1 ))"),
    ]


def test_a_keyword_as_an_argument_is_none() -> None:
    """`done` closes a loop only where a command may stand."""
    assert list(commands_in(steps_of("for x in 1 2; do echo done while; done; echo if"))) == [
        ("echo", "done", "while"),
        ("echo", "if"),
    ]
