"""A Deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.workloads.update_strategy import amount, strategy_parts
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["Deployment"]

DEFAULT_PROGRESS_DEADLINE_SECONDS = 600
"""Kubernetes' own (`SetDefaults_Deployment`)."""


class Deployment(WorkloadObject):
    """Pods that are replaced step by step when their template or a sidecar's file changes.

    `strategy` is Kubernetes' own mapping (`{"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}`), the times are in
    seconds; None leaves a field to Kubernetes. `match_labels` defaults to `sidecarlib/workload: deployment.<name>`;
    `rolls=False` leaves the Pods alone when only a file of a sidecar has changed. Raises
    `InvalidValueError`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pod: PodSpec,
        replicas: int | None = None,
        strategy: Mapping[str, Any] | None = None,
        min_ready_seconds: int | None = None,
        progress_deadline_seconds: int | None = None,
        revision_history_limit: int | None = None,
        paused: bool | None = None,
        match_labels: Mapping[str, str] | None = None,
        rolls: bool = True,
        **fields: Unpack[WorkloadFields],
    ) -> None:
        checks = Checks(f"Deployment {id!r}")
        checks.optional_integer("replicas", replicas)
        checks.optional_integer("min_ready_seconds", min_ready_seconds)
        checks.optional_integer("progress_deadline_seconds", progress_deadline_seconds)
        checks.optional_integer("revision_history_limit", revision_history_limit)
        checks.flag("paused", paused)
        _check_strategy(checks, strategy)
        _check_times(checks, min_ready_seconds, progress_deadline_seconds)
        super().__init__(
            scope,
            id,
            api_version="apps/v1",
            kind="Deployment",
            pod=pod,
            spec={
                "replicas": replicas,
                "strategy": strategy,
                "minReadySeconds": min_ready_seconds,
                "progressDeadlineSeconds": progress_deadline_seconds,
                "revisionHistoryLimit": revision_history_limit,
                "paused": paused,
            },
            problems=checks,
            match_labels=match_labels,
            rolls=rolls,
            **fields,
        )


def _check_strategy(checks: Checks, strategy: object) -> None:
    """With neither a Pod more nor a Pod less nothing could be replaced."""
    rolling = strategy_parts(checks, "strategy", strategy, ("RollingUpdate", "Recreate"))
    field = "strategy.rollingUpdate"
    surge = amount(checks, f"{field}.maxSurge", rolling.get("maxSurge"), default="25%", most_percent=None)
    unavailable = amount(checks, f"{field}.maxUnavailable", rolling.get("maxUnavailable"), default="25%")
    if surge == unavailable == 0:
        checks.add("maxSurge and maxUnavailable are both 0", field, "write at least 1 for one of the two")


def _check_times(checks: Checks, ready: object, deadline: object) -> None:
    """A Pod has to be able to become available before the rollout has failed."""
    known = DEFAULT_PROGRESS_DEADLINE_SECONDS if deadline is None else deadline
    least = 0 if ready is None else ready
    if not (isinstance(known, int) and isinstance(least, int)) or known > least or known < 0:
        return
    said = f"{known} s" if deadline is not None else f"Kubernetes' default of {known} s"
    checks.add(
        f"{said} is not more than min_ready_seconds ({least})",
        "progress_deadline_seconds",
        f"write {least + 1} or more",
    )
