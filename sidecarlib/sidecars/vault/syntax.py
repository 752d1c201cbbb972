"""The syntax of what an agent reads: durations, paths of its files, mount paths of login methods."""

from __future__ import annotations

import re

_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+", re.ASCII)
_PART = re.compile(r"[-._a-zA-Z0-9]+", re.ASCII)
_MOUNT_PATH = re.compile(r"auth(?:/[^/\s]+)+")
_MODE = re.compile(r"0?[0-7]{3}")


def duration(text: str) -> str | None:
    """What to write instead of `text`, or None when it is a duration of Go (`time.ParseDuration`)."""
    return None if _DURATION.fullmatch(text) else "write a number and a unit, like '10s', '5m' or '1h30m'"


def relative_path(text: str) -> str | None:
    """A file below a directory, in characters that a shell, the kubelet's `$(NAME)` and a ConfigMap leave alone."""
    parts = text.split("/")
    if all(_PART.fullmatch(part) and part not in {".", ".."} for part in parts):
        return None
    return "write a relative path of letters, digits, '-', '_', '.' and '/', without '..'"


def absolute_path(text: str) -> str | None:
    """An absolute path of such a file, or of a directory."""
    if text.startswith("/") and relative_path(text[1:]) is None:
        return None
    return "write an absolute path of letters, digits, '-', '_', '.' and '/', without '..' and without '/' at its end"


def auth_mount_path(text: str) -> str | None:
    """Where a login method is mounted: below `auth/`, as all of them are; the agent adds nothing in front."""
    return None if _MOUNT_PATH.fullmatch(text) else "write the whole path, such as 'auth/kubernetes'"


def file_mode(text: str) -> str | None:
    """Permissions in octal."""
    return None if _MODE.fullmatch(text) else "write three octal digits, like '0644'"
