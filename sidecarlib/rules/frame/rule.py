"""A rule: its identity, its documentation, its examples, and the function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.severity import Confidence, Severity

Check: TypeAlias = Callable[[PodView], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A manifest (YAML) in which the rule finds nothing, for a target version."""

    manifest: str
    kubernetes: str = "1.33"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A manifest (YAML) in which the rule finds one thing, at the JSON pointer `at`, for a target version."""

    manifest: str
    at: str
    kubernetes: str = "1.33"


class Rule:
    """One rule of the linter, which composition applies as well.

    `module` is the `__name__` of its file, which gives the id: `duplicate_container_name` is `duplicate-container-name`.
    `needs_kind` and `needs_version` say that it can only judge when the workload's kind or the target version is known;
    `since` and `until` are the first and the last affected version, both included, and imply `needs_version`.
    """

    __slots__ = ("check", "confidence", "id", "module", "needs_kind", "needs_version", "severity", "since", "until")

    def __init__(
        self,
        module: str,
        *,
        severity: Severity,
        confidence: Confidence = Confidence.CERTAIN,
        needs_kind: bool = False,
        needs_version: bool = False,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        self.module = module
        self.id = module.rpartition(".")[2].replace("_", "-")
        self.severity = severity
        self.confidence = confidence
        self.needs_kind = needs_kind
        self.needs_version = needs_version or since is not None or until is not None
        self.since = None if since is None else KubernetesVersion.parse(since)
        self.until = None if until is None else KubernetesVersion.parse(until)
        self.check: Check | None = None

    def __call__(self, check: Check) -> Check:
        """Makes `check` the function of this rule (use the rule as a decorator)."""
        self.check = check
        return check

    def judges(self, pod: PodView) -> bool:
        """Whether the rule can judge `pod`: what it needs is known, and the version is one that it is about."""
        if self.needs_kind and pod.kind is None:
            return False
        if not self.needs_version:
            return True
        version = pod.version
        if version is None or (self.since is not None and version < self.since):
            return False
        return self.until is None or version <= self.until

    def finding(
        self,
        subject: ContainerView | PodView,
        *path: str | int,
        what: str,
        instead: str,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
    ) -> Finding:
        """A finding about the field at `path` of a container or of the Pod's spec."""
        container = subject.name if isinstance(subject, ContainerView) else None
        field = ".".join(str(part) for part in path)
        of = "Pod" if container is None else f"container {container!r}"
        return Finding(
            rule=self.id,
            severity=severity or self.severity,
            confidence=confidence or self.confidence,
            what=what,
            instead=instead,
            pointer=subject.at(*path),
            where=f"{of}, {field}" if field else of,
            container=container,
        )
