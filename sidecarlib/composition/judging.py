"""What becomes of findings: errors are raised together, warnings point to the user's line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from sidecarlib.composition.identity import UNGATED_RULE
from sidecarlib.errors import Problems, SidecarlibWarning
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Rule
from sidecarlib.rules.frame.running import judge
from sidecarlib.rules.frame.severity import Severity

BETWEEN = frozenset({__name__.partition(".")[0], "jsii"})
"""Packages whose frames lie between the user and a warning."""
TOLD_BY_COMPOSITION = frozenset({"duplicate-container-name", "duplicate-volume-name"})
"""Rules whose matter composition itself reports, naming both sides."""


def spec_findings(pod: PodView, acknowledged: Mapping[str, str], ungated: Collection[str]) -> list[Finding]:
    """What the rules find that need neither the workload's kind nor the target version.

    `ungated` are the sidecars whose missing gate the user has given a reason for.
    """
    found = judge(pod, acknowledged, among=_rules_of(depending=False))
    return [finding for finding in found if finding.rule != UNGATED_RULE or finding.container not in ungated]


def workload_findings(pod: PodView, acknowledged: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the remaining rules find, those that need the workload's kind or the target version."""
    return judge(pod, acknowledged, among=_rules_of(depending=True))


@lru_cache(maxsize=2)
def _rules_of(*, depending: bool) -> tuple[Rule, ...]:
    """The rules that depend on kind or version, or those that do not."""
    return tuple(rule for rule in rules() if (rule.needs_kind or rule.needs_version) is depending)


def settle(findings: Iterable[Finding], problems: Problems, *, told: Collection[str] = ()) -> None:
    """Raises `InvalidValueError` with `problems` and every error among the findings; warns of the rest when there is none.

    `told` are ids of rules whose matter stands in `problems` already.
    """
    found = list(findings)
    problems.extend(
        finding.problem() for finding in found if finding.severity is Severity.ERROR and finding.rule not in told
    )
    problems.raise_if_any()
    for finding in found:
        if finding.severity is Severity.WARNING:
            warnings.warn(str(finding), SidecarlibWarning, stacklevel=_level_of_the_user())


def _level_of_the_user() -> int:
    """The `stacklevel` of the first frame outside sidecarlib, for a warning given by the caller."""
    level = 1
    frame = sys._getframe(1)  # noqa: SLF001 - the only way to find the user's line before Python 3.12
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in BETWEEN:
        frame = frame.f_back
        level += 1
    return level
