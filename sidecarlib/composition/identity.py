"""Labels and annotations that sidecarlib gives a workload."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sidecarlib.rules.frame.acknowledgement import annotations_of

__all__ = ["workload_selector"]

SELECTOR_LABEL = "sidecarlib/workload"
CHECKSUM_ANNOTATION = "sidecarlib/checksum"
UNGATED_RULE = "sidecar-without-startup-gate"
LONGEST_LABEL = 63
DIGEST_DIGITS = 8

SELECTING_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet"})
"""Kinds that find their Pods by a selector which the user would write."""
ROLLING_KINDS = SELECTING_KINDS
"""Kinds that replace their Pods when the template changes; a Job's template is immutable."""
RUN_TO_COMPLETION_KINDS = frozenset({"Pod", "Job", "CronJob"})
"""Kinds whose Pods may end: they take a restart policy."""


def workload_selector(kind: str, name: str) -> dict[str, str]:
    """The label that picks the Pods of one workload: `<kind>.<name>`, which no moving of constructs changes.

    For a spread constraint or an affinity, which stand in the Pod before its workload is made. A value beyond 63 characters is cut and gets a digest.
    """
    value = f"{kind.lower()}.{name}"
    if len(value) > LONGEST_LABEL:
        digest = hashlib.sha256(value.encode()).hexdigest()[:DIGEST_DIGITS]
        value = f"{value[: LONGEST_LABEL - DIGEST_DIGITS - 1].rstrip('-.')}-{digest}"
    return {SELECTOR_LABEL: value}


def reasons(acknowledge: Mapping[str, str], ungated: Mapping[str, str]) -> dict[str, str]:
    """The annotations of the workload's own metadata that keep every reason the user gave."""
    given = dict(acknowledge)
    if ungated:
        told = "; ".join(f"{sidecar}: {because}" for sidecar, because in ungated.items())
        given[UNGATED_RULE] = f"{given[UNGATED_RULE]}; {told}" if UNGATED_RULE in given else told
    return annotations_of(given)
