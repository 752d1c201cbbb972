"""Images that, by their name, hold one program and nothing else, not even a shell."""

from __future__ import annotations

from functools import lru_cache

from sidecarlib.model.image import repository, tag

BARE = ("distroless", "scratch")
FULL = ("debug", "busybox", "shell", "alpine")
"""Marks of tags that bring a shell along: distroless' own `debug` variants, for instance."""
COMMON = frozenset(
    {
        "sh",
        "bash",
        "ash",
        "dash",
        "busybox",
        "[",
        "cat",
        "curl",
        "date",
        "echo",
        "env",
        "false",
        "find",
        "grep",
        "head",
        "id",
        "kill",
        "killall",
        "ls",
        "nc",
        "netcat",
        "pgrep",
        "pidof",
        "ping",
        "printf",
        "ps",
        "sed",
        "sleep",
        "stat",
        "test",
        "timeout",
        "touch",
        "true",
        "wget",
    }
)


@lru_cache(maxsize=1024)
def lacks_common_program(image: str, program: str) -> bool:
    """Whether `program` is a common tool and `image` calls itself distroless or scratch."""
    if program.rpartition("/")[2] not in COMMON:
        return False
    name = f"{repository(image)}:{tag(image) or ''}"
    return any(mark in name for mark in BARE) and not any(mark in name for mark in FULL)
