"""A Deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["Deployment"]


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
