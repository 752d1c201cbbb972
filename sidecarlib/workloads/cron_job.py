"""A CronJob."""

from __future__ import annotations

from typing import Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.workloads.cron_schedule import schedule_problem, time_zone_problem
from sidecarlib.workloads.job import split_options
from sidecarlib.workloads.job_fields import JobFields, job_spec
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["CronJob"]


class CronJobOptions(WorkloadFields, JobFields, total=False):
    """Everything that the Jobs of a CronJob take beside their Pod."""


class CronJob(WorkloadObject):
    """A Job on a schedule.

    `schedule` has five cron fields or is a macro such as `@daily`; `time_zone` is a name of the tz database. With
    `concurrency_policy="Forbid"` a Job that never ends keeps all later ones from starting, so give it
    `active_deadline_seconds`. Every field of a Job is taken for the Jobs that it makes, but `suspend`, which stops the
    schedule. Raises `InvalidValueError`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pod: PodSpec,
        schedule: str,
        time_zone: str | None = None,
        concurrency_policy: str | None = None,
        starting_deadline_seconds: int | None = None,
        successful_jobs_history_limit: int | None = None,
        failed_jobs_history_limit: int | None = None,
        **options: Unpack[CronJobOptions],
    ) -> None:
        checks = Checks(f"CronJob {id!r}")
        fields, rest = split_options(options)
        suspend = fields.pop("suspend", None)
        checks.flag("suspend", suspend)
        checks.text("schedule", schedule, syntax=schedule_problem)
        if time_zone is not None:
            checks.text("time_zone", time_zone, syntax=time_zone_problem)
        checks.choice("concurrency_policy", concurrency_policy, ("Allow", "Forbid", "Replace"))
        checks.optional_integer("starting_deadline_seconds", starting_deadline_seconds)
        checks.optional_integer("successful_jobs_history_limit", successful_jobs_history_limit)
        checks.optional_integer("failed_jobs_history_limit", failed_jobs_history_limit)
        super().__init__(
            scope,
            id,
            api_version="batch/v1",
            kind="CronJob",
            pod=pod,
            spec={
                "schedule": schedule,
                "timeZone": time_zone,
                "concurrencyPolicy": concurrency_policy,
                "startingDeadlineSeconds": starting_deadline_seconds,
                "successfulJobsHistoryLimit": successful_jobs_history_limit,
                "failedJobsHistoryLimit": failed_jobs_history_limit,
                "suspend": suspend,
                "jobTemplate": {"spec": job_spec(checks, fields)},
            },
            problems=checks,
            restart_policy=fields.get("restart_policy", "Never"),
            **rest,
        )
