"""What holds a Pod's start back, and what it waits for: ports that answer and files that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HandlerView
from sidecarlib.rules.frame.listeners import port_of
from sidecarlib.rules.frame.references import asked_ports
from sidecarlib.rules.frame.shell_script import script_in
from sidecarlib.rules.frame.waiting import TESTS, awaited_in, required_by

FILE_TESTS = frozenset({"-e", "-f", "-s", "-S", "-r", "-d", "-h", "-L"})
READERS = frozenset({"cat", "stat", "ls"})
WAITERS = ("wait-for", "wait_for", "wait4x", "dockerize")
"""Parts of the names of programs whose only job is to wait for an address."""

Field = tuple[str | int, ...]


class Gate(NamedTuple):
    """Something in the init sequence that lets nothing behind it start before its ports answer and its files exist.

    `field` says where it stands in `container`. `loop` is True for a plain init container that does nothing but wait. A sidecar
    may serve a port or write a file itself: ports that it declares and files on volumes that it can write to are left out.
    """

    container: ContainerView
    field: Field
    ports: tuple[int, ...]
    files: tuple[str, ...]
    loop: bool


@lru_cache(maxsize=4)
def gates_of(pod: PodView) -> tuple[Gate, ...]:
    """The gates of a Pod, in start order. Three rules ask for them, one after the other: the latest are kept."""
    return tuple(gate for container in pod.init_sequence() for gate in _gates(container) if gate.ports or gate.files)


def waits_for_something(container: ContainerView) -> bool:
    """Whether a plain init container is there to wait."""
    invocation = container.invocation
    found = script_in(invocation)
    if found is not None:
        return bool(awaited_in(found[0]))
    return _is_waiter(invocation)


def field_of_word(container: ContainerView, index: int) -> Field:
    """Where a word of the invocation stands."""
    own = len(container.command)
    return ("command", index) if index < own else ("args", index - own)


def _gates(container: ContainerView) -> Iterator[Gate]:
    if container.role is Role.RUN_ONCE_INIT:
        yield from _wait_of(container, loop=True)
        return
    probe = container.probe("startupProbe")
    if probe is not None:
        yield from _asked_by(container, probe, ("startupProbe",))
        if probe.over_network:  # nothing answers before the program behind the wait has started
            yield from _wait_of(container, loop=False)
    for hook in container.hooks:
        if hook.field == "postStart":
            yield from _asked_by(container, hook, ("lifecycle", "postStart"))


def _wait_of(container: ContainerView, *, loop: bool) -> Iterator[Gate]:
    """The gate in a container's own command line."""
    invocation = container.invocation
    found = script_in(invocation)
    if found is not None:
        script, index = found
        yield _gate(container, field_of_word(container, index), awaited_in(script), loop=loop)
    elif loop and _is_waiter(invocation):
        yield Gate(container, field_of_word(container, len(invocation) - 1), asked_ports(invocation), (), loop)


def _is_waiter(words: Sequence[str]) -> bool:
    """Whether a command line is a program that waits and fails in the end; wait-for-it goes on with its command unless it is strict."""
    if not any(part in word for word in words[:2] for part in WAITERS):
        return False
    return "--" not in words or "--strict" in words or "-s" in words


def _asked_by(container: ContainerView, handler: HandlerView, field: Field) -> Iterator[Gate]:
    """The gate that a startup probe or a postStart hook is; none when it asks for a port that the container declares."""
    if handler.over_network:
        port = port_of(container, handler.port)
        if port is not None and port not in container.port_numbers and handler.host is None:
            yield Gate(container, (*field, handler.handler or "", "port"), (port,), (), loop=False)
        return
    words = handler.command
    found = script_in(words)
    commands: Sequence[tuple[str, ...]] = (words,)
    if found is not None:
        commands = awaited_in(found[0]) or required_by(found[0])
    yield _gate(container, (*field, "exec", "command"), commands, loop=False)


def _gate(container: ContainerView, field: Field, commands: Sequence[tuple[str, ...]], *, loop: bool) -> Gate:
    ports = dict.fromkeys(port for words in commands for port in asked_ports(words))
    files = dict.fromkeys(path for words in commands for path in asked_files(words))
    awaited = tuple(path for path in files if loop or not _may_write(container, path))
    return Gate(container, field, tuple(ports), awaited, loop)


def _may_write(container: ContainerView, path: str) -> bool:
    mount = container.mount_covering(path)
    return mount is not None and not mount.read_only


def asked_files(words: Sequence[str]) -> Iterator[str]:
    """The absolute paths that have to exist for a command (`test -f PATH`, `cat PATH`) to succeed."""
    words = words[1:] if words[:1] == ("exec",) else words
    if not words:
        return
    program = words[0].rpartition("/")[2]
    if program in TESTS or words[0].startswith("-"):
        if "-o" in words or "!" in words:
            return
        candidates = [path for flag, path in pairwise(words) if flag in FILE_TESTS]
    else:
        candidates = [word for word in words[1:] if program in READERS]
    for path in candidates:
        if path.startswith("/") and not any(mark in path for mark in "$*?`"):
            yield path
