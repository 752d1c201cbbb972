"""When the containers of a Pod started and ended, as its status says: by the node's clock, to the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.cluster.kubernetes.conditions import container_statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerTimes:
    """The latest life of one container; None for what has not happened."""

    started: datetime | None
    finished: datetime | None
    exit_code: int | None
    restarts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A Pod's creation (the API server's clock) and its containers, in the order of the spec, init containers first."""

    created: datetime
    containers: Mapping[str, ContainerTimes]

    def started(self, container: str) -> datetime:
        """When the container's process began; raises `LookupError` if it never did."""
        return self._known(container, "started", self.containers[container].started)

    def finished(self, container: str) -> datetime:
        """When the container's process ended; raises `LookupError` if it has not."""
        return self._known(container, "finished", self.containers[container].finished)

    @staticmethod
    def _known(container: str, what: str, at: datetime | None) -> datetime:
        if at is None:
            raise LookupError(f"container {container} has not {what}")
        return at


def timeline(pod: Mapping[str, Any]) -> Timeline:
    """Reads the statuses of one Pod."""
    containers = {}
    for status in container_statuses(pod):
        state = status.get("state", {})
        life = state.get("running") or state.get("terminated") or status.get("lastState", {}).get("terminated") or {}
        containers[status["name"]] = ContainerTimes(
            started=moment(life["startedAt"]) if "startedAt" in life else None,
            finished=moment(life["finishedAt"]) if "finishedAt" in life else None,
            exit_code=life.get("exitCode"),
            restarts=status.get("restartCount", 0),
        )
    return Timeline(created=moment(pod["metadata"]["creationTimestamp"]), containers=containers)


def moment(text: str) -> datetime:
    """A time as Kubernetes writes it."""
    return datetime.fromisoformat(text)
