"""Whole workloads: a kind, its own fields, and a Pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sidecarlib import PodSpec, Volume, VolumeClaimTemplate
from tests.strategies.pods import pod_specs
from tests.strategies.words import labels, optional, some_of

NEWEST = "1.37"
LONGEST_NAMES = {"CronJob": 52, "StatefulSet": 52, "Job": 60}
PERCENT_OR_NUMBER = st.sampled_from([1, 3, "25%"])
SECONDS = st.integers(0, 500)

DEPLOYMENT = {
    "replicas": st.integers(0, 5),
    "strategy": st.just({"type": "Recreate"})
    | st.builds(
        lambda surge, unavailable: {"rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}},
        PERCENT_OR_NUMBER,
        PERCENT_OR_NUMBER,
    ),
    "min_ready_seconds": SECONDS,
    "progress_deadline_seconds": st.integers(501, 1000),
    "revision_history_limit": st.integers(0, 10),
    "paused": st.booleans(),
}
STATEFUL_SET = {
    "service_name": labels(),
    "replicas": st.integers(0, 5),
    "update_strategy": st.sampled_from([{"type": "OnDelete"}, {"rollingUpdate": {"partition": 1}}]),
    "pod_management_policy": st.sampled_from(["OrderedReady", "Parallel"]),
    "ordinals": st.just({"start": 3}),
    "persistent_volume_claim_retention_policy": st.just({"whenDeleted": "Delete", "whenScaled": "Retain"}),
    "min_ready_seconds": SECONDS,
    "revision_history_limit": st.integers(0, 10),
    "volume_claim_templates": st.just(
        [
            VolumeClaimTemplate(name="claimed-data", storage="1.5Gi"),
            VolumeClaimTemplate(
                name="claimed-more", storage="1024Mi", storage_class_name="fast", extra={"volumeMode": "Block"}
            ),
        ]
    ),
}
DAEMON_SET = {
    "update_strategy": st.sampled_from([{"type": "OnDelete"}, {"rollingUpdate": {"maxUnavailable": "10%"}}]),
    "min_ready_seconds": SECONDS,
    "revision_history_limit": st.integers(0, 10),
}
FAILURE_POLICY = {"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]}
JOB = {
    "backoff_limit": st.integers(0, 10),
    "active_deadline_seconds": SECONDS,
    "ttl_seconds_after_finished": SECONDS,
    "completions": st.integers(0, 5),
    "parallelism": st.integers(0, 5),
    "suspend": st.booleans(),
    "pod_replacement_policy": st.just("Failed"),
    "managed_by": st.just("example.com/controller"),
}
INDEXED = {
    "backoff_limit_per_index": st.integers(0, 3),
    "success_policy": st.just({"rules": [{"succeededCount": 1}]}),
}
CRON_JOB = {
    "time_zone": st.sampled_from(["Asia/Seoul", "Etc/UTC"]),
    "concurrency_policy": st.sampled_from(["Allow", "Forbid", "Replace"]),
    "starting_deadline_seconds": SECONDS,
    "successful_jobs_history_limit": st.integers(0, 5),
    "failed_jobs_history_limit": st.integers(0, 5),
    "suspend": st.booleans(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A workload as a user would write it: its kind, its name (None: automatic), its Pod, and its other arguments."""

    kind: str
    name: str | None
    pod: PodSpec
    options: Mapping[str, Any]


@st.composite
def job_options(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a Job that fit together."""
    found: dict[str, Any] = draw(some_of({"restart_policy": st.sampled_from(["Never", "OnFailure"]), **JOB}, most=5))
    if draw(st.booleans()):
        found |= {"completion_mode": "Indexed", "completions": draw(st.integers(1, 3)), **draw(some_of(INDEXED))}
        if "backoff_limit_per_index" in found:
            found |= draw(some_of({"max_failed_indexes": st.integers(0, 1)}))
    if found.get("restart_policy", "Never") == "Never" and draw(st.booleans()):
        found["pod_failure_policy"] = FAILURE_POLICY
    return found


@st.composite
def workload_options(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """The arguments of a kind beside its Pod."""
    match kind:
        case "Deployment":
            own = draw(some_of(DEPLOYMENT))
        case "StatefulSet":
            own = draw(some_of(STATEFUL_SET))
        case "DaemonSet":
            own = draw(some_of(DAEMON_SET))
        case "Job":
            own = draw(job_options())
        case "CronJob":
            schedule = draw(st.sampled_from(["0 3 * * *", "@daily", "*/5 1-3 * * 1,2"]))
            jobs = {name: value for name, value in draw(job_options()).items() if name not in {"suspend", "managed_by"}}
            own = {**jobs, "schedule": schedule, **draw(some_of(CRON_JOB))}
        case "Workload":
            own = {
                "api_version": "apps/v1",
                "kind": "ReplicaSet",
                "spec": draw(some_of({"replicas": st.integers(0, 5)})),
            }
        case _:
            own = draw(some_of({"restart_policy": st.sampled_from(["Always", "OnFailure", "Never"])}))
    if kind == "Workload" or (kind in SELECTING_KINDS and draw(st.booleans())):
        own["match_labels"] = {"app": "web", "example.com/tier": ""}
    return dict(own)


SELECTING_KINDS = ("Deployment", "StatefulSet", "DaemonSet")
ENDING_KINDS = ("Pod", "Job", "CronJob")
KINDS = (*ENDING_KINDS, *SELECTING_KINDS, "Workload")


@st.composite
def compositions(draw: st.DrawFn) -> Composition:
    """A workload of any kind with any Pod, rendered for a version that has every field; `Workload` stands for a ReplicaSet."""
    kind = draw(st.sampled_from(KINDS))
    options = draw(workload_options(kind))
    claims = [Volume(name=claim.name) for claim in options.get("volume_claim_templates", ())[:1]]
    pod = draw(pod_specs(claims))
    if kind in ENDING_KINDS and draw(st.booleans()):
        pod = pod.replace(active_deadline_seconds=draw(st.integers(1, 600)))
    options["kubernetes"] = NEWEST
    return Composition(kind=kind, name=draw(optional(labels(LONGEST_NAMES.get(kind, 63)))), pod=pod, options=options)
