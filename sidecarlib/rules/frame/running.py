"""Applying rules to a Pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.frozen import EMPTY
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Rule


def judge(
    pod: PodView, acknowledged: Mapping[str, str] = EMPTY, *, among: Iterable[Rule] | None = None
) -> tuple[Finding, ...]:
    """What the rules find in `pod`, sorted by place; findings of acknowledged rules are left out.

    A rule that cannot judge for want of the kind or the target version is silent.
    """
    found: list[Finding] = []
    for rule in rules() if among is None else among:
        if rule.check is not None and rule.id not in acknowledged and rule.judges(pod):
            found.extend(rule.check(pod))
    return tuple(sorted(found, key=lambda finding: (finding.pointer, finding.rule)))
