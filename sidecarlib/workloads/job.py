"""A Job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.workloads.job_fields import JobFields, job_spec
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["Job"]


class JobOptions(WorkloadFields, JobFields, total=False):
    """Everything that a Job takes beside its Pod."""

    generate_name: str | None
    """A prefix to which the API server adds a suffix: for `kubectl create`, not for `apply`."""


class Job(WorkloadObject):
    """A Job that is done seconds after its work is, whatever sidecars its Pod has.

    `restart_policy` is Never or OnFailure. Without `active_deadline_seconds` a sidecar that never starts keeps the Job
    waiting for ever (measured on Kubernetes 1.37.2). Raises `InvalidValueError`.
    """

    def __init__(self, scope: Construct, id: str, *, pod: PodSpec, **options: Unpack[JobOptions]) -> None:
        checks = Checks(f"Job {id!r}")
        fields, rest = split_options(options)
        super().__init__(
            scope,
            id,
            api_version="batch/v1",
            kind="Job",
            pod=pod,
            spec=job_spec(checks, fields),
            problems=checks,
            restart_policy=fields.get("restart_policy", "Never"),
            **rest,
        )


def split_options(options: Mapping[str, Any]) -> tuple[JobFields, dict[str, Any]]:
    """Divides the keyword arguments into the Job's own fields and those of every workload."""
    own = JobFields.__annotations__
    fields: dict[str, Any] = {name: value for name, value in options.items() if name in own}
    return JobFields(**fields), {name: value for name, value in options.items() if name not in own}  # type: ignore[typeddict-item]
