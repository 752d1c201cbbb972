"""What a shell script waits for before it goes on, and whether it ever ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sidecarlib.rules.frame.shell_script import Command, Group, Loop, Step, commands_in, steps_of

ALWAYS_TRUE = frozenset(
    {("true",), (":",), ("[", "1", "]"), ("[", "true", "]"), ("[[", "1", "]]"), ("[[", "true", "]]")}
)
A_YEAR = 31_536_000
STOPS = frozenset({"break", "exit", "return", "exec", "kill", "killall", "pkill"})
TESTS = frozenset({"test", "[", "[["})

Words = tuple[str, ...]


def awaited_in(script: str) -> tuple[Words, ...]:
    """The commands that have to succeed before the script gets past its `until …` and `while ! …` loops.

    Nothing when the script starts something in the background, which may be what it waits for. A loop that can be left by
    other means (`break`, `exit 0`, a counter) waits for nothing; one that gives up with an error still does.
    """
    if "until" not in script and "while" not in script:
        return ()
    return () if starts_something(script) else tuple(_awaited(steps_of(script)))


def starts_something(script: str) -> bool:
    """Whether a script starts something in the background, other than a `sleep` to wait for."""
    return "&" in script and _starts_something(steps_of(script))


def required_by(script: str) -> tuple[Words, ...]:
    """The commands that have to succeed for the script to exit with 0: those that its last line joins by `&&` and `|`."""
    chain: list[Words] = []
    for step in reversed(steps_of(script)):
        if step.background or step.joined == "||" or not isinstance(step.node, Command):
            return ()
        words = _affirmed(step)
        if words:
            chain.append(words)
        if not step.joined:
            break
    return tuple(reversed(chain))


def never_ends(words: Words) -> bool:
    """Whether a command goes on until somebody kills it (`sleep infinity`, `tail -f`)."""
    words = words[1:] if words[:1] == ("exec",) else words
    program = words[0].rpartition("/")[2] if words else ""
    if program == "sleep":
        return any(_is_endless_duration(word) for word in words[1:])
    if program != "tail" or any(word.startswith("--pid") for word in words):
        return False
    return any(word.startswith("--follow") or word == "--retry" or _has_letter(word, "fF") for word in words[1:])


def endless_step(script: str) -> str | None:
    """What keeps a script from ever ending, as a person would write it; None when it may end.

    Only what certainly runs counts: not what stands in an `if` or behind `||`, nor in the background.
    """
    if (
        "while" not in script
        and "for" not in script
        and "until" not in script
        and "sleep" not in script
        and "tail" not in script
    ):
        return None
    return _endless(steps_of(script))


def _certain(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps that run in the foreground whatever happens: not those behind `||`, nor behind a test and `&&`."""
    tested = False
    for step in steps:
        tested = tested and bool(step.joined)
        if not step.background and step.joined != "||" and not (step.joined == "&&" and tested):
            yield step
        tested = tested or step.joined == "||" or (isinstance(step.node, Command) and step.node.words[0] in TESTS)


def _awaited(steps: Sequence[Step]) -> Iterator[Words]:
    for step in _certain(steps):
        node = step.node
        if isinstance(node, Group) and not node.maybe:
            yield from _awaited(node.steps)
        elif isinstance(node, Loop) and not any(_passes(words) for words in commands_in(node.body)):
            yield from _conditions(node)


def _conditions(loop: Loop) -> Iterator[Words]:
    """What has to succeed for the loop to end, all of it."""
    condition = loop.condition
    if loop.keyword == "until":
        if not any(step.joined == "||" for step in condition):
            yield from (words for step in condition if (words := _affirmed(step)))
    elif loop.keyword == "while" and not any(step.joined == "&&" for step in condition):
        yield from (words for step in condition if (words := _denied(step)))


def _affirmed(step: Step) -> Words:
    """The command when the step asks for its success; empty when it asks for its failure."""
    node = step.node
    if not isinstance(node, Command) or step.negated or _test_is_negated(node.words):
        return ()
    return node.words


def _denied(step: Step) -> Words:
    """The command when the step asks for its failure: `! nc …`, `[ ! -f … ]`."""
    node = step.node
    if not isinstance(node, Command):
        return ()
    if step.negated and not _test_is_negated(node.words):
        return node.words
    if not step.negated and _test_is_negated(node.words):
        return node.words[:1] + node.words[2:]
    return ()


def _test_is_negated(words: Words) -> bool:
    return words[0] in TESTS and words[1:2] == ("!",)


def _passes(words: Words) -> bool:
    """Whether a command in a loop's body lets the script go on although the condition has not come true."""
    if words[0] in {"break", "return", "exec"}:
        return True
    return words[0] == "exit" and words[1:2] in {(), ("0",)}


def _starts_something(steps: Sequence[Step]) -> bool:
    for step in steps:
        node = step.node
        if step.background and not (isinstance(node, Command) and node.words[0] == "sleep"):
            return True
        inner = node.steps if isinstance(node, Group) else node.body if isinstance(node, Loop) else ()
        if inner and _starts_something(inner):
            return True
    return False


def _endless(steps: Sequence[Step]) -> str | None:
    for step in _certain(steps):
        node = step.node
        if isinstance(node, Command):
            if never_ends(node.words):
                return " ".join(node.words)
            if node.words[0] in {"exit", "exec", "return"}:
                return None
        elif isinstance(node, Loop):
            if _is_endless_loop(node):
                return f"{node.keyword} {' '.join(' '.join(words) for words in commands_in(node.condition))}; do …"
        elif not node.maybe and (found := _endless(node.steps)) is not None:
            return found
    return None


def _is_endless_loop(loop: Loop) -> bool:
    if len(loop.condition) != 1:
        return False
    step = loop.condition[0]
    if not isinstance(step.node, Command):
        return False
    words = step.node.words
    endless = words in ALWAYS_TRUE if loop.keyword == "while" else words == ("false",)
    return endless and not step.negated and not any(words[0] in STOPS for words in commands_in(loop.body))


def _is_endless_duration(word: str) -> bool:
    if word in {"infinity", "inf"}:
        return True
    number, unit = (word[:-1], word[-1]) if word[-1:] in {"s", "m", "h", "d"} else (word, "s")
    return number.isdecimal() and int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit] >= A_YEAR


def _has_letter(word: str, letters: str) -> bool:
    return word[:1] == "-" and word[1:2] != "-" and any(letter in word for letter in letters)
