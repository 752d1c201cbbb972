"""Reads a command line as the proxy does (github.com/spf13/pflag)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

SWITCHES = frozenset({
    "auto-iam-authn", "auto-ip", "debug", "debug-logs", "disable-metrics", "disable-traces", "enable-builtin-metrics",
    "exit-zero-on-sigterm", "gcloud-auth", "health-check", "help", "lazy-refresh", "private-ip", "prometheus", "psc", "quiet",
    "quitquitquit", "run-connection-test", "skip-failed-instance-config", "sql-data", "structured-logs", "version",
})  # fmt: skip
"""Flags whose value, where they have one, is behind `=` alone."""
SHORT = {
    "a": "address", "c": "credentials-file", "g": "gcloud-auth", "h": "help", "i": "auto-iam-authn", "j": "json-credentials",
    "l": "structured-logs", "p": "port", "t": "token", "u": "unix-socket", "v": "version",
}  # fmt: skip


class CommandLine(NamedTuple):
    """Flags with their last value, and the words that belong to none."""

    flags: dict[str, str]
    arguments: tuple[str, ...]


def read_command_line(words: Sequence[str]) -> CommandLine:
    """Flags by their long names; a bare switch is `true`, an unknown flag without `=` takes the next word."""
    flags: dict[str, str] = {}
    arguments: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            arguments.extend(rest)
        elif word.startswith("--"):
            name, separator, value = word[2:].partition("=")
            flags[name] = value if separator else _missing(name, rest)
        elif word.startswith("-") and len(word) > 1:
            _read_short(word[1:], rest, flags)
        else:
            arguments.append(word)
    return CommandLine(flags, tuple(arguments))


def is_true(value: str) -> bool:
    """Whether Go's strconv.ParseBool takes a value for true."""
    return value in {"1", "t", "T", "TRUE", "true", "True"}


def _read_short(letters: str, rest: Iterator[str], flags: dict[str, str]) -> None:
    """One word of short flags: switches may stand together, a value may follow at once."""
    while letters:
        name, letters = SHORT.get(letters[0], letters[0]), letters[1:]
        if letters.startswith("="):
            flags[name], letters = letters[1:], ""
        elif name in SWITCHES:
            flags[name] = "true"
        else:
            flags[name], letters = letters or next(rest, ""), ""


def _missing(name: str, rest: Iterator[str]) -> str:
    return "true" if name in SWITCHES else next(rest, "")
