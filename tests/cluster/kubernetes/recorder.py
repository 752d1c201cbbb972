"""Notes when each change of a namespace's Pods and Jobs arrives: one clock (the test's own), to about 0.1 s."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.cluster.kubernetes.api import Api, ApiError, Json, Stream
from tests.cluster.kubernetes.conditions import container_statuses

WATCHED = {"pod": "/api/v1/namespaces/{}/pods", "job": "/apis/batch/v1/namespaces/{}/jobs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`what` became true of `subject` (pod/NAME, job/NAME), or of one of its containers, `at` seconds of `time.monotonic`.

    Of containers: running, started, ready, terminated; of objects: created, deleting, gone, a phase, or a condition that became True.
    """

    at: float
    subject: str
    what: str
    container: str | None = None
    exit_code: int | None = None


class Recorder:
    """Watches one namespace from `start` to `stop`."""

    def __init__(self, api: Api, namespace: str) -> None:
        self._api, self._namespace = api, namespace
        self._moments: list[Moment] = []
        self._last: dict[str, Json] = {}
        self._arrival = threading.Condition()
        self._streams: dict[str, Stream] = {}
        self._stopped = False

    def start(self) -> None:
        """Returns once the watches are open: nothing that is created later is missed."""
        for kind in WATCHED:
            threading.Thread(target=self._watch, args=(kind,), daemon=True).start()
        with self._arrival:
            if not self._arrival.wait_for(lambda: self._streams.keys() == WATCHED.keys(), timeout=30):
                raise TimeoutError("the API server did not open a watch within 30 s")

    def stop(self) -> None:
        """Ends the watches; what was recorded stays."""
        self._stopped = True
        for stream in list(self._streams.values()):
            stream.close()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Everything so far, in the order of arrival."""
        with self._arrival:
            return tuple(self._moments)

    def at(self, subject: str, what: str, container: str | None = None, *, nth: int = 0, within: float = 5) -> float:
        """When `what` became true for the (nth+1)th time; waits `within` seconds for it to arrive, then fails with all that did."""

        def found() -> list[float]:
            return [
                each.at
                for each in self._moments
                if (each.subject, each.what, each.container) == (subject, what, container)
            ]

        with self._arrival:
            if not self._arrival.wait_for(lambda: len(found()) > nth, timeout=within):
                seen = "\n".join(f"  {each}" for each in self._moments)
                raise AssertionError(f"{subject} {container or ''} {what} #{nth} was not seen; seen:\n{seen}")
            return found()[nth]

    def last(self, subject: str) -> Json:
        """The object as it was seen last, also when it is gone by now."""
        with self._arrival:
            return self._last[subject]

    def _watch(self, kind: str) -> None:
        while not self._stopped:
            try:
                with self._api.stream(WATCHED[kind].format(self._namespace), {"watch": "1"}) as stream:
                    with self._arrival:
                        self._streams[kind] = stream
                        self._arrival.notify_all()
                    for line in stream:
                        if self._stopped:  # the last line may be half of one
                            return
                        self._note(kind, json.loads(line))
            except (OSError, ApiError):
                time.sleep(0.1)  # the API server may be busy: try again, known objects add nothing twice

    def _note(self, kind: str, event: Mapping[str, Any]) -> None:
        if event["type"] not in ("ADDED", "MODIFIED", "DELETED"):
            return
        after = event["object"]
        subject = f"{kind}/{after['metadata']['name']}"
        with self._arrival:
            now, before = time.monotonic(), self._last.get(subject)
            for what, container, exit_code in news(before, after, gone=event["type"] == "DELETED"):
                self._moments.append(
                    Moment(at=now, subject=subject, what=what, container=container, exit_code=exit_code)
                )
            self._last[subject] = after
            self._arrival.notify_all()


News = tuple[str, str | None, int | None]


def news(before: Mapping[str, Any] | None, after: Mapping[str, Any], *, gone: bool = False) -> Iterator[News]:
    """What is true of `after` and was not of `before`: (what, container, exit code)."""
    if before is not None and before["metadata"]["uid"] != after["metadata"]["uid"]:
        before = None
    if before is None:
        yield "created", None, None
    known = {status["name"]: status for status in container_statuses(before or {})}
    for status in container_statuses(after):
        yield from _container_news(known.get(status["name"], {}), status)
    old, new = _facts(before or {}), _facts(after)
    yield from ((fact, None, None) for fact in new if fact not in old)
    if gone:
        yield "gone", None, None


def _facts(found: Mapping[str, Any]) -> list[str]:
    status = found.get("status", {})
    facts = [each["type"] for each in status.get("conditions", ()) if each["status"] == "True"]
    facts += [status["phase"]] if "phase" in status else []
    return facts + (["deleting"] if found.get("metadata", {}).get("deletionTimestamp") else [])


def _container_news(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[News]:
    name, state = new["name"], new.get("state", {})
    was = old.get("state", {})
    next_life = "running" in state and old.get("containerID") != new.get("containerID")
    if next_life:
        if "running" in was:  # it ended and began again between two updates
            yield "terminated", name, new.get("lastState", {}).get("terminated", {}).get("exitCode")
        yield "running", name, None
    elif "terminated" in state and old.get("containerID") != new.get("containerID"):
        yield "running", name, None  # a whole life between two updates
    for fact in ("started", "ready"):
        if new.get(fact) is True and "running" in state and (next_life or old.get(fact) is not True):
            yield fact, name, None
    if "terminated" in state and ("terminated" not in was or old.get("containerID") != new.get("containerID")):
        yield "terminated", name, state["terminated"]["exitCode"]
