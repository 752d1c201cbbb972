"""A problem, the collector that gathers several of them, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["InvalidValueError", "SidecarlibError", "SidecarlibWarning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to write instead."""

    what: str
    where: str
    instead: str

    def __str__(self) -> str:
        return f"{self.what} @ {self.where}: {self.instead}"


class SidecarlibError(Exception):
    """Root of every error that sidecarlib raises for a mistake in its input.

    `problems` holds all of them, in a stable order; the text has one line for each.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        return lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} problems", *(f"  {line}" for line in lines)])


class InvalidValueError(SidecarlibError, ValueError):
    """A value that can never be right, raised by the constructor it was given to."""


class SidecarlibWarning(UserWarning):
    """Something that is likely to go wrong: the text says under which condition."""


class Problems:
    """Collects the problems of one value, so that its constructor raises all of them at once."""

    __slots__ = ("_found", "where")

    def __init__(self, where: str) -> None:
        self.where = where
        self._found: list[Problem] = []

    def add(self, what: str, field: str, instead: str) -> None:
        """Notes a problem of `field` (in snake_case, as the user wrote it)."""
        self._found.append(Problem(what, ", ".join(part for part in (self.where, field) if part), instead))

    @property
    def noted(self) -> tuple[Problem, ...]:
        """Everything noted so far."""
        return tuple(self._found)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Notes problems that somebody else found."""
        self._found.extend(problems)

    def raise_if_any(self) -> None:
        """Raises `InvalidValueError` with everything noted so far."""
        if self._found:
            raise InvalidValueError(self._found)
