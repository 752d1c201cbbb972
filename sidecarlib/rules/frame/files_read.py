"""Files that a container is told to read when it starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.reading import text

_CREDENTIALS = re.compile(r"credential", re.IGNORECASE)
_INPUT = re.compile(r"credential|config|cert|key|token|password|secret|(?:^|[-_.])ca(?:[-_.]|$)", re.IGNORECASE)
_VARIABLE = re.compile(r"_(?:FILE|PATH)$|^GOOGLE_APPLICATION_CREDENTIALS$")

Read = tuple[str, tuple[str | int, ...], bool]


def files_read_by(container: ContainerView) -> Iterator[Read]:
    """Path, field, and whether such a file is never written by the program itself (credentials are not, certificates may be)."""
    for field, words in (("command", container.command), ("args", container.args)):
        for index, word in enumerate(words):
            if word[:1] != "-":
                continue
            name, separator, value = word.partition("=")
            if not separator:
                value = words[index + 1] if index + 1 < len(words) else ""
            value = value.removeprefix("file:")
            if value[:1] == "/" and _INPUT.search(name):
                yield value, (field, index), _CREDENTIALS.search(name) is not None
    for index, variable in enumerate(container.env):
        path, called = text(variable.get("value")), text(variable.get("name"))
        if path[:1] == "/" and _VARIABLE.search(called) and _INPUT.search(called):
            yield path, ("env", index, "value"), _CREDENTIALS.search(called) is not None
