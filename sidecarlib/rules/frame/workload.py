"""The object that a Pod stands in, for rules about a workload's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidecarlib.manifests.pod_view import JOB_PATHS, PodView
from sidecarlib.manifests.reading import mapping, nested, pointer
from sidecarlib.manifests.templates import TEMPLATE_PATHS
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Rule
from sidecarlib.rules.frame.severity import Confidence, Severity

REPLACING_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"})
"""Kinds that keep their Pods running for ever."""
API_GROUPS = frozenset({"", "apps", "batch", "extensions"})
"""Groups of Kubernetes' own kinds; others have kinds of the same names, with rules of their own."""


class WorkloadView:
    """A workload of Kubernetes' own; `document` is the whole object, `pointer` where it stands in its file."""

    __slots__ = ("document", "kind", "pointer")

    def __init__(self, kind: str, document: Mapping[str, Any], where: str) -> None:
        self.kind = kind
        self.document = document
        self.pointer = where

    def at(self, *path: str | int) -> str:
        """The JSON pointer of a field of the object."""
        return pointer(self.pointer, path)

    def get(self, *path: str | int) -> Any:
        """What stands at a path of the object, None where there is nothing."""
        return nested(self.document, path)

    @property
    def job_path(self) -> tuple[str, ...]:
        """The path of a Job's own fields: of the Job itself, or of those that a CronJob makes."""
        return JOB_PATHS.get(self.kind, ())

    @property
    def job_fields(self) -> Mapping[str, Any]:
        """A Job's own fields; empty for other kinds."""
        return mapping(nested(self.document, self.job_path)) if self.kind in JOB_PATHS else {}

    def template(self, *path: str | int) -> tuple[str | int, ...]:
        """The path of a field of the pod template."""
        return (*TEMPLATE_PATHS[self.kind], *path)


def own_kind(pod: PodView) -> str | None:
    """The workload's kind when it is one of Kubernetes' own, else None."""
    if pod.kind not in TEMPLATE_PATHS:
        return None
    version = None if pod.document is None else pod.document.get("apiVersion")
    if isinstance(version, str) and "/" in version and version.partition("/")[0] not in API_GROUPS:
        return None
    return pod.kind


def workload_of(pod: PodView, *, among: frozenset[str] | None = None) -> WorkloadView | None:
    """The object around a Pod; None when it is not known, not Kubernetes' own, or none of the kinds `among`."""
    document = pod.document
    if document is None or (among is not None and pod.kind not in among):
        return None
    kind = own_kind(pod)
    if kind is None:
        return None
    steps = pointer("", (*TEMPLATE_PATHS[kind], "spec"))
    return WorkloadView(kind, document, pod.pointer.removesuffix(steps))


JOB_KINDS = frozenset(JOB_PATHS)
"""Kinds that have a Job's fields."""


def workload_finding(
    rule: Rule,
    workload: WorkloadView,
    *path: str | int,
    what: str,
    instead: str,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
) -> Finding:
    """A finding about the field at `path` of a workload."""
    return Finding(
        rule=rule.id,
        severity=severity or rule.severity,
        confidence=confidence or rule.confidence,
        what=what,
        instead=instead,
        pointer=workload.at(*path),
        where=f"{workload.kind}, {'.'.join(str(part) for part in path)}",
    )
