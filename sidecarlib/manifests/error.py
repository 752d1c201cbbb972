"""What is raised for a file that is no manifest."""

from __future__ import annotations

from sidecarlib.errors import Problem, SidecarlibError

__all__ = ["ManifestError"]


class ManifestError(SidecarlibError):
    """A file that cannot be read as manifests: `what @ file:line:column: what to write instead`.

    `line` and `column` count from 1; they are None where the whole file is meant. `is_template` tells the source of a template
    engine (Helm, Jinja), which becomes a manifest only when it is rendered.
    """

    def __init__(
        self,
        what: str,
        *,
        source: str,
        instead: str,
        line: int | None = None,
        column: int | None = None,
        is_template: bool = False,
    ) -> None:
        self.source = source
        self.is_template = is_template
        self.line = line
        self.column = column
        place = ":".join(str(part) for part in (source, line, column) if part is not None)
        super().__init__([Problem(what, place, instead)])
