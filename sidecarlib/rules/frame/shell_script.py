"""Shell scripts, read well enough to tell loops that wait, or that never end, from everything else.

A script is read into steps; `if`, `case` and functions become branches, since what is in them may not run. Substitutions
stay opaque words, redirections are dropped, and a script that is no valid shell is read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
WRAPPERS = 3
"""How many words may stand before the shell (`timeout 60 sh -c …`)."""

_TOKEN = re.compile(
    r"""
    (?P<skip>(?<![^\s;&|(])\#[^\n]*|\\\n|[ \t\r]+|[0-9]*(?:&>>?|[<>]{1,2}&?|>\|)[ \t]*(?:[^\s;&|()]+)?)
    |(?P<operator>&&|\|\||;;|[;&|()\n])
    |(?P<word>(?:\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|'[^']*'|"(?:[^"\\]|\\.)*"|`[^`]*`|\\.|[^\s;&|()<>'"`\\])+)
    |(?P<stray>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = str.maketrans("", "", "'\"")


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: its words, unquoted."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: `until` or `while` with its condition, or `for`, whose condition is empty."""

    keyword: str
    condition: tuple[Step, ...]
    body: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Steps in braces or parentheses; with `maybe`, those of an `if`, a `case` or a function, which may not run."""

    steps: tuple[Step, ...]
    maybe: bool = False


Node: TypeAlias = Command | Loop | Group


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a list: `joined` is the operator before it (`&&`, `||`, `|`, or empty)."""

    node: Node
    joined: str = ""
    negated: bool = False
    background: bool = False


def script_in(words: Sequence[str]) -> tuple[str, int] | None:
    """The script that a command line gives to a shell, and the index of its word; None where there is no shell."""
    for position, word in enumerate(words[: WRAPPERS + 1]):
        if not word.endswith("sh") or word.rpartition("/")[2] not in SHELLS:
            continue
        takes_word = False
        for index in range(position + 1, len(words) - 1):
            option = words[index]
            if option[:1] not in {"-", "+"} and not takes_word:
                return None  # a file
            takes_word = option[:1] in {"-", "+"} and option.endswith("o")
            if option[:1] == "-" and option[1:2] != "-" and "c" in option:
                return words[index + 1], index + 1
        return None
    return None


@lru_cache(maxsize=1024)
def steps_of(script: str) -> tuple[Step, ...]:
    """The script's steps, in order."""
    tokens = [
        (match.lastgroup == "operator", match.group() if match.lastgroup == "operator" else _unquoted(match.group()))
        for match in _TOKEN.finditer(script)
        if match.lastgroup in {"operator", "word"}
    ]
    return _Reader(tokens).steps(frozenset())


def commands_in(steps: Sequence[Step]) -> Iterator[tuple[str, ...]]:
    """The words of every simple command, however deep it stands."""
    for step in steps:
        node = step.node
        if isinstance(node, Command):
            yield node.words
        elif isinstance(node, Loop):
            yield from commands_in(node.condition)
            yield from commands_in(node.body)
        else:
            yield from commands_in(node.steps)


def _unquoted(word: str) -> str:
    return word.translate(_QUOTES).replace("\\", "") if "'" in word or '"' in word or "\\" in word else word


class _Reader:
    """Reads tokens (whether it is an operator, its text) from left to right."""

    def __init__(self, tokens: list[tuple[bool, str]]) -> None:
        self.tokens = tokens
        self.position = 0

    def steps(self, closing: frozenset[str]) -> tuple[Step, ...]:
        """The steps up to a closing keyword, which is read as well."""
        found: list[Step] = []
        joined, negated = "", False
        while self.position < len(self.tokens):
            operator, text = self.tokens[self.position]
            if text in closing:
                self.position += 1
                break
            if operator and text != "(":
                self.position += 1
                if text == "&" and found:
                    last = found[-1]
                    found[-1] = Step(last.node, last.joined, last.negated, background=True)
                if text in {"&&", "||", "|"} or text != "\n" or not joined:
                    joined = text if text in {"&&", "||", "|"} else ""
                continue
            if text == "!":
                self.position += 1
                negated = not negated
                continue
            found.append(Step(self._node(), joined, negated))
            joined, negated = "", False
        return tuple(found)

    def _node(self) -> Node:
        operator, text = self.tokens[self.position]
        self.position += 1
        if operator:
            return Group(self.steps(frozenset({")"})))
        reader = _READERS.get(text)
        return self._command(text) if reader is None else reader(self, text)

    def loop(self, keyword: str) -> Node:
        """An `until` or `while` loop behind its keyword."""
        condition = self.steps(frozenset({"do"}))
        return Loop(keyword, condition, self.steps(frozenset({"done"})))

    def for_loop(self, _keyword: str) -> Node:
        """A `for` loop; `for ((;;))` is a `while true`."""
        header = "".join(self._skip_to("do")).strip(";\n")
        body = self.steps(frozenset({"done"}))
        if header == "((;;))":
            return Loop("while", (Step(Command(("true",))),), body)
        return Loop("for", (), body)

    def branch(self, _keyword: str) -> Node:
        """An `if` with all its branches."""
        condition = self.steps(frozenset({"then"}))
        return Group(condition + self._branches(), maybe=True)

    def case(self, _keyword: str) -> Node:
        """A `case`, of which only the words are kept."""
        return Group((Step(Command(tuple(self._skip_to("esac")))),), maybe=True)

    def braces(self, _keyword: str) -> Node:
        """A group in braces."""
        return Group(self.steps(frozenset({"}"})))

    def _command(self, first: str) -> Node:
        words = [first]
        while self.position < len(self.tokens):
            operator, text = self.tokens[self.position]
            if operator and text == "(" and self.tokens[self.position + 1 : self.position + 2] == [(True, ")")]:
                self.position += 2
                while self.tokens[self.position : self.position + 1] == [(True, "\n")]:
                    self.position += 1
                body = (Step(self._node()),) if self.position < len(self.tokens) else ()
                return Group(body, maybe=True)
            if operator:
                break
            self.position += 1
            words.append(text)
        return Command(tuple(words))

    def _branches(self) -> tuple[Step, ...]:
        """Everything up to the `fi` of an `if` whose `then` has been read."""
        found: tuple[Step, ...] = ()
        while self.position < len(self.tokens):
            found += self.steps(frozenset({"elif", "else", "fi", "then"}))
            if self.tokens[self.position - 1] == (False, "fi"):
                break
        return found

    def _skip_to(self, keyword: str) -> list[str]:
        skipped: list[str] = []
        while self.position < len(self.tokens):
            text = self.tokens[self.position][1]
            self.position += 1
            if text == keyword:
                break
            skipped.append(text)
        return skipped


_READERS: dict[str, Callable[[_Reader, str], Node]] = {
    "until": _Reader.loop,
    "while": _Reader.loop,
    "for": _Reader.for_loop,
    "select": _Reader.for_loop,
    "if": _Reader.branch,
    "case": _Reader.case,
    "{": _Reader.braces,
}
