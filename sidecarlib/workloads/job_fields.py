"""The fields of a Job's spec, which a CronJob has as well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict

from sidecarlib.model.checks import Checks
from sidecarlib.model.names import dns_subdomain


class JobFields(TypedDict, total=False):
    """What a Job takes beside its Pod; None leaves a field to Kubernetes."""

    restart_policy: str
    """Never (the default here) or OnFailure; with OnFailure restarts of sidecars count against the backoff limit (measured on 1.37.2)."""
    backoff_limit: int | None
    """How many failed Pods before the Job fails; Kubernetes' default is 6."""
    active_deadline_seconds: int | None
    """Seconds until the Job fails; the sidecars' shutdown counts. The only bound on a sidecar that never starts."""
    ttl_seconds_after_finished: int | None
    """Seconds after its end until the Job is deleted."""
    completions: int | None
    """How many Pods have to succeed; 1 by default."""
    parallelism: int | None
    """How many Pods run at once; 1 by default."""
    completion_mode: str | None
    """NonIndexed or Indexed."""
    backoff_limit_per_index: int | None
    """Failed Pods per index of an Indexed Job."""
    max_failed_indexes: int | None
    """Failed indexes before an Indexed Job fails."""
    suspend: bool | None
    """True keeps the Job from starting Pods."""
    pod_failure_policy: Mapping[str, Any] | None
    """Rules by exit code or condition, in camelCase; name the container, since a sidecar's exit code counts too."""
    success_policy: Mapping[str, Any] | None
    """When an Indexed Job has succeeded, in camelCase."""
    pod_replacement_policy: str | None
    """TerminatingOrFailed or Failed."""
    managed_by: str | None
    """The controller that manages the Job, such as `example.com/queue`, where it is not Kubernetes' own."""


_INTEGERS = (
    "backoff_limit",
    "active_deadline_seconds",
    "ttl_seconds_after_finished",
    "completions",
    "parallelism",
    "backoff_limit_per_index",
    "max_failed_indexes",
)
LONGEST_MANAGER = 63
_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")


def job_spec(checks: Checks, fields: JobFields) -> dict[str, Any]:
    """The fields of a Job's spec in camelCase, without those that are None; notes what is wrong."""
    for name in _INTEGERS:
        checks.optional_integer(name, fields.get(name))
    checks.choice("completion_mode", fields.get("completion_mode"), ("NonIndexed", "Indexed"))
    checks.choice("pod_replacement_policy", fields.get("pod_replacement_policy"), ("TerminatingOrFailed", "Failed"))
    checks.flag("suspend", fields.get("suspend"))
    if (manager := fields.get("managed_by")) is not None:
        checks.text("managed_by", manager, syntax=_manager_problem)
    own = {name: value for name, value in fields.items() if value is not None and name != "restart_policy"}
    return {_camel_case(name): value for name, value in own.items()}


def _manager_problem(manager: str) -> str | None:
    """What to write instead of a manager's name (`IsDomainPrefixedPath`, and the length in `validateJobSpec`)."""
    domain, _, path = manager.partition("/")
    if len(manager) <= LONGEST_MANAGER and dns_subdomain(domain) is None and _PATH.fullmatch(path):
        return None
    return f"write a DNS name, '/' and a path, such as 'example.com/queue', of at most {LONGEST_MANAGER} characters"


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
