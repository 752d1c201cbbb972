"""Workloads that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sidecarlib import VolumeClaimTemplate
from tests.cluster.refusals.case import Case, pod, raw_pod, raw_workload, workload

TERMINAL = ("Job", "CronJob")
OTHERS = ("Deployment", "StatefulSet", "DaemonSet")
FIELDS: tuple[tuple[str, str, str, Any], ...] = (
    ("Deployment", "replicas", "replicas", -1),
    ("Deployment", "min_ready_seconds", "minReadySeconds", -1),
    ("Deployment", "progress_deadline_seconds", "progressDeadlineSeconds", -1),
    ("Deployment", "revision_history_limit", "revisionHistoryLimit", -1),
    ("StatefulSet", "replicas", "replicas", -1),
    ("StatefulSet", "min_ready_seconds", "minReadySeconds", -1),
    ("StatefulSet", "pod_management_policy", "podManagementPolicy", "Serial"),
    ("DaemonSet", "min_ready_seconds", "minReadySeconds", -1),
    ("DaemonSet", "revision_history_limit", "revisionHistoryLimit", -1),
    ("Job", "backoff_limit", "backoffLimit", -1),
    ("Job", "active_deadline_seconds", "activeDeadlineSeconds", -1),
    ("Job", "ttl_seconds_after_finished", "ttlSecondsAfterFinished", -1),
    ("Job", "completions", "completions", -1),
    ("Job", "parallelism", "parallelism", -1),
    ("Job", "completion_mode", "completionMode", "Numbered"),
    ("Job", "pod_replacement_policy", "podReplacementPolicy", "Never"),
    ("CronJob", "concurrency_policy", "concurrencyPolicy", "Maybe"),
    ("CronJob", "starting_deadline_seconds", "startingDeadlineSeconds", -1),
    ("CronJob", "successful_jobs_history_limit", "successfulJobsHistoryLimit", -1),
    ("CronJob", "failed_jobs_history_limit", "failedJobsHistoryLimit", -1),
    ("CronJob", "schedule", "schedule", ""),
)


def cases() -> Iterator[Case]:
    """Names, restart policies, and the kinds' own fields."""
    for kind in (*TERMINAL, *OTHERS):
        for name in ("UPPER", "a_b", "-a"):
            yield Case(
                name=f"{kind} name {name!r}",
                ours=workload(kind, name=name),
                theirs=raw_workload(kind, name=name),
            )
    for kind, longest in (("CronJob", 52), ("Job", 63)):
        name = "a" * (longest + 1)
        yield Case(
            name=f"{kind} name of {len(name)}",
            ours=workload(kind, name=name),
            theirs=raw_workload(kind, name=name),
        )
    for kind, field, key, value in FIELDS:
        yield Case(
            name=f"{kind} {field} {value!r}",
            ours=workload(kind, **{field: value}),
            theirs=raw_workload(kind, **{key: value}),
        )
    yield from _templates()
    yield from _jobs()
    yield from _claims()


def _templates() -> Iterator[Case]:
    yield Case(
        name="Pod restart policy",
        ours=workload("Pod", restart_policy="Sometimes"),
        theirs=raw_pod(restartPolicy="Sometimes"),
    )
    for kind in TERMINAL:
        yield Case(
            name=f"{kind} that always restarts",
            ours=workload(kind, restart_policy="Always"),
            theirs=raw_workload(kind, template=raw_pod(restartPolicy="Always")["spec"]),
        )
    for kind in OTHERS:
        never = {"restartPolicy": "OnFailure"}
        yield Case(
            name=f"{kind} that does not always restart",
            ours=workload(kind, extra={"template": {"spec": never}}),
            theirs=raw_workload(kind, template={**raw_pod()["spec"], **never}),
        )
        deadline = {**raw_pod()["spec"], "activeDeadlineSeconds": 5}
        yield Case(
            name=f"{kind} with a deadline",
            ours=workload(kind, pod(active_deadline_seconds=5)),
            theirs=raw_workload(kind, template=deadline),
        )


def _jobs() -> Iterator[Case]:
    rule = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [3]}}
    tables: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "failure policy with restarts": (
            {"restart_policy": "OnFailure", "pod_failure_policy": {"rules": [rule]}},
            {"podFailurePolicy": {"rules": [rule]}, "template": {"spec": raw_pod(restartPolicy="OnFailure")["spec"]}},
        ),
        "limit for each index without indexes": ({"backoff_limit_per_index": 1}, {"backoffLimitPerIndex": 1}),
        "success policy without indexes": (
            {"success_policy": {"rules": [{"succeededCount": 1}]}},
            {"successPolicy": {"rules": [{"succeededCount": 1}]}},
        ),
    }
    policies: dict[str, dict[str, Any]] = {
        "unknown container in a failure policy": {"containerName": "nobody", "operator": "In", "values": [3]},
        "exit codes out of order": {"operator": "In", "values": [3, 1]},
        "exit code 0 in a failure policy": {"operator": "In", "values": [0]},
    }
    for name, codes in policies.items():
        policy = {"rules": [{"action": "FailJob", "onExitCodes": codes}]}
        tables[name] = ({"pod_failure_policy": policy}, {"podFailurePolicy": policy})
    policy = {"rules": [rule]}
    tables["replacement before the end with a failure policy"] = (
        {"pod_failure_policy": policy, "pod_replacement_policy": "TerminatingOrFailed"},
        {"podFailurePolicy": policy, "podReplacementPolicy": "TerminatingOrFailed"},
    )
    for name, (ours, theirs) in tables.items():
        yield Case(name=name, ours=workload("Job", **ours), theirs=raw_workload("Job", **theirs))
    own = {"matchLabels": {"app": "web"}}
    yield Case(
        name="selector of a Job",
        ours=workload("Job", extra={"selector": own}),
        theirs=raw_workload("Job", selector=own),
    )


def _claims() -> Iterator[Case]:
    def theirs(name: str = "data", **spec: Any) -> dict[str, Any]:
        whole = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
        return raw_workload("StatefulSet", volumeClaimTemplates=[{"metadata": {"name": name}, "spec": whole}])

    yield Case(
        name="storage of a claim",
        ours=lambda: VolumeClaimTemplate(name="data", storage="much"),
        theirs=theirs(resources={"requests": {"storage": "much"}}),
    )
    for modes in ([], ["ReadWriteOncePod", "ReadWriteOnce"]):
        yield Case(
            name=f"access modes {modes} of a claim",
            ours=lambda modes=modes: VolumeClaimTemplate(name="data", storage="1Gi", access_modes=modes),  # type: ignore[misc]
            theirs=theirs(accessModes=modes),
        )
    yield Case(
        name="claim of nothing",
        ours=lambda: VolumeClaimTemplate(name="data", storage="0"),
        theirs=theirs(resources={"requests": {"storage": "0"}}),
    )
    yield Case(
        name="storage class of a claim",
        ours=lambda: VolumeClaimTemplate(name="data", storage="1Gi", storage_class_name="A_B"),
        theirs=theirs(storageClassName="A_B"),
    )
    yield Case(
        name="access mode of a claim",
        ours=lambda: VolumeClaimTemplate(name="data", storage="1Gi", access_modes=["Sometimes"]),
        theirs=theirs(accessModes=["Sometimes"]),
    )
