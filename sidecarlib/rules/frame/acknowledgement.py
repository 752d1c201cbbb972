"""Findings that somebody has accepted, each with a reason, as annotations of the workload."""

from __future__ import annotations

from collections.abc import Mapping

from sidecarlib.errors import Problems
from sidecarlib.rules.frame.registry import rule_ids

PREFIX = "sidecarlib/acknowledge."
"""An annotation `sidecarlib/acknowledge.<rule id>` holds the reason."""


def annotations_of(acknowledge: Mapping[str, str]) -> dict[str, str]:
    """The annotations that keep `acknowledge` (rule id to reason) in the manifest."""
    return {f"{PREFIX}{rule}": reason for rule, reason in acknowledge.items()}


def acknowledged_in(annotations: Mapping[str, object]) -> dict[str, str]:
    """Rule ids with their reasons out of a workload's annotations; one without a reason counts for nothing."""
    found = {key.removeprefix(PREFIX): value for key, value in annotations.items() if key.startswith(PREFIX)}
    return {rule: value.strip() for rule, value in found.items() if isinstance(value, str) and value.strip()}


def check_acknowledge(problems: Problems, acknowledge: Mapping[str, object]) -> None:
    """Notes every id that is no rule's and every reason that says nothing."""
    for rule, reason in acknowledge.items():
        if rule not in rule_ids():
            problems.add(
                f"unknown rule {rule!r}",
                "acknowledge",
                "write the id of a rule, as it stands in the finding's brackets",
            )
        if not isinstance(reason, str) or not reason.strip():
            problems.add(f"no reason for {rule!r}", "acknowledge", "write why this is fine here")
