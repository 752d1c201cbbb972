"""A DaemonSet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.workloads.update_strategy import amount, strategy_parts
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["DaemonSet"]


class DaemonSet(WorkloadObject):
    """One Pod on every node that fits.

    `update_strategy` is Kubernetes' own mapping, the times are in seconds; None leaves a field to Kubernetes. `match_labels`
    defaults to `sidecarlib/workload: daemonset.<name>`;
    `rolls=False` leaves the Pods alone when only a file of a sidecar has changed. Raises `InvalidValueError`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pod: PodSpec,
        update_strategy: Mapping[str, Any] | None = None,
        min_ready_seconds: int | None = None,
        revision_history_limit: int | None = None,
        match_labels: Mapping[str, str] | None = None,
        rolls: bool = True,
        **fields: Unpack[WorkloadFields],
    ) -> None:
        checks = Checks(f"DaemonSet {id!r}")
        checks.optional_integer("min_ready_seconds", min_ready_seconds)
        checks.optional_integer("revision_history_limit", revision_history_limit)
        _check_strategy(checks, update_strategy)
        super().__init__(
            scope,
            id,
            api_version="apps/v1",
            kind="DaemonSet",
            pod=pod,
            spec={
                "updateStrategy": update_strategy,
                "minReadySeconds": min_ready_seconds,
                "revisionHistoryLimit": revision_history_limit,
            },
            problems=checks,
            match_labels=match_labels,
            rolls=rolls,
            **fields,
        )


def _check_strategy(checks: Checks, strategy: object) -> None:
    """Exactly one of maxSurge and maxUnavailable is above 0; Kubernetes' defaults are 0 and 1."""
    rolling = strategy_parts(checks, "update_strategy", strategy, ("RollingUpdate", "OnDelete"), rolling_only=False)
    field = "update_strategy.rollingUpdate"
    surge = amount(checks, f"{field}.maxSurge", rolling.get("maxSurge"), default=0)
    unavailable = amount(checks, f"{field}.maxUnavailable", rolling.get("maxUnavailable"), default=1)
    if surge > 0 and unavailable > 0:
        checks.add("maxSurge beside maxUnavailable, which is 1 by default", field, "write 0 for one of the two")
    elif surge == unavailable == 0:
        checks.add("maxSurge and maxUnavailable are both 0", field, "write at least 1 for one of the two")
