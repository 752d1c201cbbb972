"""Command lines as the proxy reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.sidecars.cloud_sql.command_line import SHORT, SWITCHES, read_command_line


@pytest.mark.parametrize(
    ("words", "flags", "arguments"),
    [
        (["--port=1", "a"], {"port": "1"}, ("a",)),
        (["--port", "1", "a"], {"port": "1"}, ("a",)),
        (["--quiet", "a"], {"quiet": "true"}, ("a",)),
        (["--quiet=false", "a"], {"quiet": "false"}, ("a",)),
        (["-p1", "-a=::1", "-u", "/x"], {"port": "1", "address": "::1", "unix-socket": "/x"}, ()),
        (["-il", "a"], {"auto-iam-authn": "true", "structured-logs": "true"}, ("a",)),
        (["-lp", "1", "a"], {"structured-logs": "true", "port": "1"}, ("a",)),
        (["a", "--", "--port=1"], {}, ("a", "--port=1")),
        (["--port"], {"port": ""}, ()),
        (["-"], {}, ("-",)),
    ],
)
def test_flags_are_told_from_arguments(words: list[str], flags: dict[str, str], arguments: tuple[str, ...]) -> None:
    """Long and short, with their value behind `=`, at once or in the next word."""
    assert read_command_line(words) == (flags, arguments)


@given(st.lists(st.text(max_size=12)))
def test_nothing_breaks_it_and_no_argument_is_lost(words: list[str]) -> None:
    """Every word is a flag, the value of one, or an argument."""
    line = read_command_line(words)
    assert len(line.arguments) + len(line.flags) <= len(words) + sum(len(word) for word in words)
    assert all(argument in words for argument in line.arguments)


@given(st.dictionaries(st.sampled_from(sorted({*SHORT.values(), "http-port"} - SWITCHES)), st.text(max_size=9)))
def test_what_is_written_is_read_again(flags: dict[str, str]) -> None:
    """In each of the two long forms."""
    assert read_command_line([f"--{name}={value}" for name, value in flags.items()]).flags == flags
    assert read_command_line([part for name, value in flags.items() for part in (f"--{name}", value)]).flags == flags
