"""What stands below a failed wait: the namespace's Pods and Jobs, their events and the ends of their logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.cluster.kubernetes.api import Api
from tests.cluster.kubernetes.conditions import container_statuses

LOG_LINES = 15


def describe(api: Api, namespace: str) -> str:
    """Everything that happened in `namespace`, for a human who has only the test's output."""
    return "\n".join(_lines(api, namespace))


def _lines(api: Api, namespace: str) -> Iterator[str]:
    inside = f"/api/v1/namespaces/{namespace}"
    for job in api.get(f"/apis/batch/v1/namespaces/{namespace}/jobs")["items"]:
        yield f"job/{job['metadata']['name']}: {_conditions(job)}"
    pods: Sequence[Mapping[str, Any]] = api.get(f"{inside}/pods")["items"]
    for pod in pods:
        name, status = pod["metadata"]["name"], pod.get("status", {})
        leaving = ", deleting" if pod["metadata"].get("deletionTimestamp") else ""
        yield f"pod/{name}: {status.get('phase')} {status.get('reason', '')}{leaving} {_conditions(pod)}"
        for container in container_statuses(pod):
            gate = "started" if container.get("started") else "not started"
            yield f"  {container['name']}: {gate}, restarts {container['restartCount']}, {_state(container['state'])}"
    for event in events(api, namespace):
        about = event["involvedObject"]
        place = f"{about['kind'].lower()}/{about['name']} {about.get('fieldPath', '')}"
        yield f"  event {event.get('type')} {event.get('reason')} x{event.get('count') or 1} {place}: {event.get('message')}"
    for pod in pods:
        name = pod["metadata"]["name"]
        for container in container_statuses(pod):
            query = {"container": container["name"], "tailLines": str(LOG_LINES)}
            answer = api.call("GET", f"{inside}/pods/{name}/log", query)
            if answer.status < 400 and answer.text:
                yield f"  log of {name}/{container['name']}:"
                yield from (f"    {line}" for line in answer.text.splitlines())


def events(api: Api, namespace: str) -> list[dict[str, Any]]:
    """The namespace's events, oldest first."""
    found: list[dict[str, Any]] = api.get(f"/api/v1/namespaces/{namespace}/events")["items"]
    return sorted(found, key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))


def _state(state: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(f"{kind} {dict(detail)}" for kind, detail in state.items()) or "no state"


def _conditions(found: Mapping[str, Any]) -> str:
    return " ".join(f"{each['type']}={each['status']}" for each in found.get("status", {}).get("conditions", ()))
