"""A Kubernetes version to render for, or to judge a manifest by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from sidecarlib.errors import InvalidValueError, Problem

__all__ = ["KubernetesVersion"]

_SYNTAX = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?", re.ASCII)
_LAST_PATCH = 10**6


@total_ordering
@dataclass(frozen=True, slots=True)
class KubernetesVersion:
    """Major, minor and patch; without a patch number it stands for the last one of that minor.

    `KubernetesVersion(1, 33)`, or `KubernetesVersion.parse("1.33.4")`. Versions compare by order of release.
    """

    major: int
    minor: int
    patch: int | None = None

    def __post_init__(self) -> None:
        for field, number in (("major", self.major), ("minor", self.minor), ("patch", self.patch)):
            if (number.__class__ is not int or number < 0) and not (number is None and field == "patch"):
                raise InvalidValueError(
                    [Problem(f"{number!r} is no whole number", f"KubernetesVersion, {field}", "write it as in (1, 33)")]
                )

    @classmethod
    def parse(cls, text: str | KubernetesVersion) -> KubernetesVersion:
        """Reads `1.33`, `v1.33.4` or `v1.33.4-gke.1`; raises `InvalidValueError` for anything else."""
        if isinstance(text, KubernetesVersion):
            return text
        match = _SYNTAX.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise InvalidValueError(
                [Problem(f"{text!r} is no Kubernetes version", "kubernetes", "write '1.33' or '1.33.4'")]
            )
        major, minor, patch = match.groups()
        return cls(int(major), int(minor), None if patch is None else int(patch))

    def __lt__(self, other: KubernetesVersion) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[int, int, int]:
        return self.major, self.minor, _LAST_PATCH if self.patch is None else self.patch

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}" + ("" if self.patch is None else f".{self.patch}")


DEFAULT_KUBERNETES = KubernetesVersion(1, 33)
"""Native sidecars are stable since 1.33 (KEP-753)."""
