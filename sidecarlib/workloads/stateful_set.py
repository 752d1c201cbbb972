"""A StatefulSet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.model.names import dns_label
from sidecarlib.model.volume_claim_template import VolumeClaimTemplate
from sidecarlib.workloads.update_strategy import amount, ordinal_start, strategy_parts
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["StatefulSet"]


class StatefulSet(WorkloadObject):
    """Pods with a name and volumes of their own, replaced one by one.

    `service_name` is the headless Service that gives them names, `volume_claim_templates` are mounted with `template.mount(path)`;
    `update_strategy`, `ordinals` and `persistent_volume_claim_retention_policy` are Kubernetes' own mappings, times are in seconds;
    None leaves a field to Kubernetes. `match_labels` defaults to `sidecarlib/workload: statefulset.<name>`;
    `rolls=False` leaves the Pods alone when only a file of a sidecar has changed. Raises
    `InvalidValueError`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pod: PodSpec,
        service_name: str | None = None,
        replicas: int | None = None,
        volume_claim_templates: Sequence[VolumeClaimTemplate] = (),
        update_strategy: Mapping[str, Any] | None = None,
        pod_management_policy: str | None = None,
        ordinals: Mapping[str, Any] | None = None,
        persistent_volume_claim_retention_policy: Mapping[str, Any] | None = None,
        min_ready_seconds: int | None = None,
        revision_history_limit: int | None = None,
        match_labels: Mapping[str, str] | None = None,
        rolls: bool = True,
        **fields: Unpack[WorkloadFields],
    ) -> None:
        checks = Checks(f"StatefulSet {id!r}")
        if service_name is not None:
            checks.text("service_name", service_name, syntax=dns_label)
        checks.optional_integer("replicas", replicas)
        checks.optional_integer("min_ready_seconds", min_ready_seconds)
        checks.optional_integer("revision_history_limit", revision_history_limit)
        checks.choice("pod_management_policy", pod_management_policy, ("OrderedReady", "Parallel"))
        ordinal_start(checks, ordinals)
        _check_strategy(checks, update_strategy)
        templates = checks.items("volume_claim_templates", volume_claim_templates, VolumeClaimTemplate)
        super().__init__(
            scope,
            id,
            api_version="apps/v1",
            kind="StatefulSet",
            pod=pod,
            spec={
                "serviceName": service_name,
                "replicas": replicas,
                "podManagementPolicy": pod_management_policy,
                "updateStrategy": update_strategy,
                "ordinals": ordinals,
                "persistentVolumeClaimRetentionPolicy": persistent_volume_claim_retention_policy,
                "minReadySeconds": min_ready_seconds,
                "revisionHistoryLimit": revision_history_limit,
                "volumeClaimTemplates": [template.render() for template in templates] or None,
            },
            problems=checks,
            match_labels=match_labels,
            rolls=rolls,
            **fields,
        )


def _check_strategy(checks: Checks, strategy: object) -> None:
    """The partition is an ordinal, and at least one Pod may be away."""
    rolling = strategy_parts(checks, "update_strategy", strategy, ("RollingUpdate", "OnDelete"))
    field = "update_strategy.rollingUpdate"
    checks.optional_integer(f"{field}.partition", rolling.get("partition"))
    if amount(checks, f"{field}.maxUnavailable", rolling.get("maxUnavailable"), default=1) == 0:
        checks.add("maxUnavailable is 0", f"{field}.maxUnavailable", "write at least 1 or '1%'")
