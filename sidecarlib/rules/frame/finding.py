"""What a rule found, and where."""

from __future__ import annotations

from dataclasses import dataclass

from sidecarlib.errors import Problem
from sidecarlib.rules.frame.severity import Confidence, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a rule found: what it is, what to write instead, and the field it is about.

    `pointer` is the JSON pointer of the field in the document that the Pod was read from, `where` the same place for a person
    (`container 'app', startupProbe.httpGet.port`), `container` the container's name where it is about one.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    what: str
    instead: str
    pointer: str
    where: str
    container: str | None = None

    def problem(self) -> Problem:
        """The finding as a line of an error."""
        return Problem(self.what, self.where, f"{self.instead} [{self.rule}]")

    def __str__(self) -> str:
        return str(self.problem())
