"""What a test can wait for: named questions about one object, as the API server shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Question = Callable[[Mapping[str, Any]], bool]


def _never(_: Mapping[str, Any]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Condition:
    """`holds` answers for one object; `hopeless` says that waiting longer cannot help; `text` stands in failures."""

    text: str
    holds: Question
    hopeless: Question = _never

    def __and__(self, other: Condition) -> Condition:
        return Condition(
            f"{self.text} and {other.text}",
            lambda found: self.holds(found) and other.holds(found),
            lambda found: self.hopeless(found) or other.hopeless(found),
        )


def container_status(pod: Mapping[str, Any], container: str) -> Mapping[str, Any]:
    """The status of one container, whether init or main; empty while the kubelet has reported none."""
    for found in container_statuses(pod):
        if found["name"] == container:
            return found
    return {}


def container_statuses(pod: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """All of them, init containers first, in the order of the spec."""
    status = pod.get("status", {})
    return (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ()))


def phase(*names: str) -> Condition:
    """The Pod is in one of these phases."""
    final = {"Succeeded", "Failed"} - set(names)
    return Condition(
        f"phase {' or '.join(names)}",
        lambda pod: pod["status"].get("phase") in names,
        lambda pod: pod["status"].get("phase") in final,
    )


def running(container: str) -> Condition:
    """The container's process runs; its probes may not have passed."""
    return Condition(f"{container} running", lambda pod: "running" in container_status(pod, container).get("state", {}))


def started(container: str) -> Condition:
    """The container runs and its startup gate has passed."""
    return Condition(f"{container} started", lambda pod: container_status(pod, container).get("started") is True)


def terminated(container: str, exit_code: int | None = None) -> Condition:
    """The container has ended, for good or for now; with this exit code if one is given."""

    def ended(pod: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return container_status(pod, container).get("state", {}).get("terminated")  # type: ignore[no-any-return]

    wanted = "" if exit_code is None else f" with {exit_code}"
    return Condition(
        f"{container} terminated{wanted}",
        lambda pod: (end := ended(pod)) is not None and exit_code in (None, end["exitCode"]),
    )


def restarted(container: str, times: int = 1) -> Condition:
    """The kubelet has restarted the container at least so often."""
    return Condition(
        f"{container} restarted {times}x", lambda pod: container_status(pod, container).get("restartCount", 0) >= times
    )


def condition(kind: str, value: str = "True") -> Condition:
    """A condition of the object's status, such as Ready, Initialized, Available, SuccessCriteriaMet."""
    return Condition(f"{kind}={value}", lambda found: _condition(found, kind) == value)


def complete() -> Condition:
    """The Job is done; hopeless once it has failed."""
    return Condition(
        "Complete", lambda job: _condition(job, "Complete") == "True", lambda job: _condition(job, "Failed") == "True"
    )


def failed() -> Condition:
    """The Job has failed; hopeless once it is complete."""
    return Condition(
        "Failed", lambda job: _condition(job, "Failed") == "True", lambda job: _condition(job, "Complete") == "True"
    )


def rolled_out() -> Condition:
    """Every replica of the Deployment, StatefulSet or DaemonSet is of the newest template, and ready."""

    def holds(found: Mapping[str, Any]) -> bool:
        status = found.get("status", {})
        if status.get("observedGeneration", 0) < found["metadata"]["generation"]:
            return False
        if found["kind"] == "DaemonSet":
            wanted = status.get("desiredNumberScheduled", 0)
            return bool(wanted) and wanted == status.get("updatedNumberScheduled") == status.get("numberReady")
        wanted = found["spec"].get("replicas", 1)
        return all(status.get(each, 0) == wanted for each in ("replicas", "updatedReplicas", "readyReplicas"))

    return Condition("rolled out", holds)


def _condition(found: Mapping[str, Any], kind: str) -> str | None:
    for each in found.get("status", {}).get("conditions", ()):
        if each["type"] == kind:
            return str(each["status"])
    return None
