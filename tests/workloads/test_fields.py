"""Fields of the workloads that the API server refuses by their value, or that the target version does not take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cdk8s
import pytest
from cdk8s import Chart

from sidecarlib import Container, CronJob, DaemonSet, Deployment, Job, PodSpec, SidecarlibError, StatefulSet, Volume

SUCCESS = {"rules": [{"succeededCount": 1}]}


def pod(**fields: Any) -> PodSpec:
    """The least Pod."""
    return PodSpec(containers=[Container(name="app", image="a:1", **fields)])


def synth(kind: Callable[..., Any], **fields: Any) -> dict[str, Any]:
    """The spec of a workload with some fields."""
    chart = cdk8s.Testing.chart()
    kind(chart, "x", pod=fields.pop("pod", None) or pod(), **fields)
    spec: dict[str, Any] = cdk8s.Testing.synth(chart)[0]["spec"]
    return spec


def refusal(kind: Callable[..., Any], **fields: Any) -> str:
    """The error of a workload with some fields; nothing of it is left in the chart."""
    chart: Chart = cdk8s.Testing.chart()
    with pytest.raises(SidecarlibError) as caught:
        kind(chart, "x", pod=fields.pop("pod", None) or pod(), **fields)
    assert cdk8s.Testing.synth(chart) == []
    return str(caught.value)


SCHEDULES = (
    "* * * * *",
    "*/5 0-23/2 1,15 jan-MAR mon,5",
    "30 3/4 ? * 0-6",
    "  0 0 1 1 *  ",
    "@daily",
    "@midnight",
    "@every 1h30m",
    "@every 1.5h",
)
WRONG_SCHEDULES = (
    "every day",
    "TZ=UTC * * * * *",
    "CRON_TZ=UTC * * * * *",
    "* * * *",
    "0 * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "* * * * 7",
    "5-1 * * * *",
    "*/0 * * * *",
    "1-2-3 * * * *",
    "1/2/3 * * * *",
    "* * * * sunday",
    "@Daily",
    "@reboot",
    "@every day",
)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_of_cron_is_taken(schedule: str) -> None:
    """What the API server's parser reads stays as it is written."""
    assert synth(CronJob, schedule=schedule)["schedule"] == schedule


@pytest.mark.parametrize("schedule", WRONG_SCHEDULES)
def test_a_schedule_that_the_api_server_refuses_is_an_error(schedule: str) -> None:
    """A schedule that cannot be read, or has a time zone in it, is refused with what to write."""
    said = refusal(CronJob, schedule=schedule)
    assert f"invalid schedule {schedule!r} @ CronJob 'x', schedule: " in said


TIME_ZONES = ("Etc/UTC", "Europe/Berlin", "UTC", "Etc/GMT+5", "America/Argentina/Ushuaia")
WRONG_TIME_ZONES = ("Local", "local", "", "Europe/", "/UTC", "../UTC", "Central European Time", "-5")


@pytest.mark.parametrize("zone", TIME_ZONES)
def test_a_time_zone_of_the_database_is_taken(zone: str) -> None:
    """Names of the tz database pass."""
    assert synth(CronJob, schedule="@daily", time_zone=zone)["timeZone"] == zone


@pytest.mark.parametrize("zone", WRONG_TIME_ZONES)
def test_a_time_zone_that_is_no_name_is_an_error(zone: str) -> None:
    """Local, empty text and what cannot be a file of the database are refused."""
    assert "@ CronJob 'x', time_zone: write a " in refusal(CronJob, schedule="@daily", time_zone=zone)


@pytest.mark.parametrize("manager", ["example.com/queue", "kubernetes.io/job-controller", "a/b/c"])
def test_a_manager_with_a_domain_is_taken(manager: str) -> None:
    """A domain and a path name a Job's controller."""
    assert synth(Job, managed_by=manager)["managedBy"] == manager


@pytest.mark.parametrize("manager", ["abc", "", "/queue", "example.com/", "Example.com/q", "a.b/ä", "a.b/" + "q" * 60])
def test_a_manager_without_a_domain_is_an_error(manager: str) -> None:
    """A name without a domain, without a path, or too long is refused, for the Jobs of a CronJob too."""
    assert "@ Job 'x', managed_by: write a " in refusal(Job, managed_by=manager)
    assert "@ CronJob 'x', managed_by: write a " in refusal(CronJob, schedule="@daily", managed_by=manager)


ACCEPTED: tuple[tuple[Callable[..., Any], dict[str, Any]], ...] = (
    (Deployment, {"strategy": {"type": "Recreate"}}),
    (Deployment, {"strategy": {"type": "Recreate", "rollingUpdate": None}}),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": 0}}}),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": "300%", "maxUnavailable": 0}}}),
    (Deployment, {"min_ready_seconds": 600, "progress_deadline_seconds": 601}),
    (Deployment, {"min_ready_seconds": 599}),
    (DaemonSet, {"update_strategy": {"type": "OnDelete"}}),
    (DaemonSet, {"update_strategy": {"type": "OnDelete", "rollingUpdate": {"maxUnavailable": 0}}}),
    (DaemonSet, {"update_strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}),
    (DaemonSet, {"update_strategy": {"rollingUpdate": {"maxUnavailable": "10%"}}}),
    (StatefulSet, {"service_name": "db"}),
    (StatefulSet, {"ordinals": {"start": 0}}),
    (StatefulSet, {"ordinals": {}}),
    (StatefulSet, {"update_strategy": {"rollingUpdate": {"partition": 2}}}),
    (StatefulSet, {"update_strategy": {"type": "OnDelete"}}),
)
REFUSED: tuple[tuple[Callable[..., Any], dict[str, Any], str], ...] = (
    (Deployment, {"strategy": {"type": "Recreate", "rollingUpdate": {}}}, "strategy.rollingUpdate: leave one"),
    (Deployment, {"strategy": {"type": "OnDelete"}}, "strategy.type: write one of RollingUpdate, Recreate"),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}}, "are both 0 @"),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": "25"}}}, "'25' is neither a number of Pods"),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": -1}}}, "rollingUpdate.maxSurge: write an int"),
    (Deployment, {"strategy": {"rollingUpdate": {"maxSurge": 1.5}}}, "rollingUpdate.maxSurge: write an int"),
    (Deployment, {"strategy": {"rollingUpdate": {"maxUnavailable": "101%"}}}, "100% at most"),
    (Deployment, {"min_ready_seconds": 600}, "Kubernetes' default of 600 s is not more than min_ready_seconds (600)"),
    (Deployment, {"min_ready_seconds": 9, "progress_deadline_seconds": 9}, "progress_deadline_seconds: write 10 or"),
    (Deployment, {"progress_deadline_seconds": 0}, "progress_deadline_seconds: write 1 or more"),
    (DaemonSet, {"update_strategy": {"type": "Recreate"}}, "update_strategy.type: write one of"),
    (DaemonSet, {"update_strategy": {"rollingUpdate": {"maxUnavailable": 0}}}, "are both 0 @"),
    (DaemonSet, {"update_strategy": {"rollingUpdate": {"maxSurge": 1}}}, "write 0 for one of the two"),
    (StatefulSet, {"service_name": "a.b"}, "invalid service_name 'a.b'"),
    (StatefulSet, {"service_name": "DB"}, "invalid service_name 'DB'"),
    (StatefulSet, {"ordinals": {"start": -1}}, "ordinals.start: write an int of at least 0"),
    (StatefulSet, {"update_strategy": {"type": "Recreate"}}, "update_strategy.type: write one of"),
    (StatefulSet, {"update_strategy": {"type": "OnDelete", "rollingUpdate": {"partition": 0}}}, "leave one of the two"),
    (StatefulSet, {"update_strategy": {"rollingUpdate": {"partition": -1}}}, "rollingUpdate.partition: write an int"),
    (StatefulSet, {"update_strategy": {"rollingUpdate": {"maxUnavailable": 0}}}, "maxUnavailable is 0 @"),
)
NO_MAPPINGS: tuple[tuple[Callable[..., Any], str], ...] = (
    (Deployment, "strategy"),
    (DaemonSet, "update_strategy"),
    (StatefulSet, "update_strategy"),
    (StatefulSet, "ordinals"),
)


@pytest.mark.parametrize(("kind", "fields"), ACCEPTED, ids=str)
def test_what_the_api_server_takes_is_taken(kind: Callable[..., Any], fields: dict[str, Any]) -> None:
    """Settings at the edge of what is allowed render."""
    assert synth(kind, **fields)


@pytest.mark.parametrize(("kind", "fields", "said"), REFUSED, ids=str)
def test_what_the_api_server_refuses_is_an_error(kind: Callable[..., Any], fields: dict[str, Any], said: str) -> None:
    """Settings that the API server refuses are refused with what to write, once."""
    assert refusal(kind, **fields).count(said) == 1


@pytest.mark.parametrize(("kind", "field"), NO_MAPPINGS, ids=str)
@pytest.mark.parametrize("value", [5, "Recreate", [1], True])
def test_a_strategy_that_is_no_mapping_is_an_error(kind: Callable[..., Any], field: str, value: object) -> None:
    """A word or a number where a mapping belongs is named, and raises nothing else."""
    assert f"{value!r} is no mapping @ {kind.__name__} 'x', {field}: write a dict" in refusal(kind, **{field: value})


INDEXED = {"completion_mode": "Indexed", "completions": 2}
BEFORE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("1.30", "1.31", {**INDEXED, "success_policy": SUCCESS}),
    ("1.31", "1.32", {"managed_by": "example.com/queue"}),
    (
        "1.34",
        "1.35",
        {"pod": PodSpec(containers=[Container(name="app", image="a:1")], volumes=[Volume.image("v", reference="f:1")])},
    ),
    ("1.31", "1.32", {"pod": pod(env={"1st": "x"})}),
)


@pytest.mark.parametrize(("before", "first", "fields"), BEFORE, ids=str)
def test_a_field_that_the_target_lacks_is_an_error(before: str, first: str, fields: dict[str, Any]) -> None:
    """A field is refused below the version that takes it, which is named, and passes from there on."""
    said = refusal(Job, **fields, kubernetes=before)
    assert f"target {first} or newer" in said
    assert "unsupported-field" in said
    assert synth(Job, **fields, kubernetes=first)


def test_an_image_volume_is_an_error_for_the_default_target() -> None:
    """The default target drops volumes of images, so that the Pod would run without the files."""
    fields = BEFORE[2][2]
    assert "an image as a volume, which Kubernetes 1.33 drops unless ImageVolume is on" in refusal(Job, **fields)


def test_a_cluster_with_the_feature_gate_can_say_so() -> None:
    """An acknowledgement lets the field pass."""
    assert synth(Job, **BEFORE[0][2], kubernetes="1.30", acknowledge={"unsupported-field": "the gate is on"})
