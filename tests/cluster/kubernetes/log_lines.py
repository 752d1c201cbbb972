"""Lines of a container's log with the time at which the node took them down (to the microsecond)."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.cluster.kubernetes.api import Api, ApiError, Stream
from tests.cluster.kubernetes.conditions import container_status

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, and when the container runtime received it, by the node's clock."""

    at: datetime
    text: str


def log_lines(text: str) -> tuple[LogLine, ...]:
    """Reads a log that was fetched with `timestamps=true`."""
    return tuple(_log_line(line) for line in text.splitlines() if line)


def _log_line(line: str) -> LogLine:
    stamp, _, rest = line.partition(" ")
    return LogLine(datetime.fromisoformat(stamp), rest)


class FollowedLog:
    """Keeps what one container prints, from its first line to its end, also when its Pod is deleted."""

    def __init__(self, api: Api, path: str, query: Mapping[str, str]) -> None:
        self._api, self._path = api, path
        self._query = {**query, "follow": "true", "timestamps": "true"}
        self._lines: list[LogLine] = []
        self._arrival = threading.Condition()
        self._stream: Stream | None = None
        self._ended = False
        threading.Thread(target=self._follow, daemon=True).start()

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """Everything so far."""
        with self._arrival:
            return tuple(self._lines)

    def line_with(self, part: str, within: float = 10) -> LogLine:
        """The first line that contains `part`; fails with the whole log if it does not come `within` seconds."""

        def found() -> LogLine | None:
            return next((line for line in self._lines if part in line.text), None)

        with self._arrival:
            self._arrival.wait_for(lambda: found() or self._ended, timeout=within)
            line = found()
            if line is None:
                raise AssertionError(f"no log line with {part!r} in:\n" + "\n".join(each.text for each in self._lines))
            return line

    def to_its_end(self, within: float = 10) -> tuple[LogLine, ...]:
        """Every line, once the container has ended; fails if it has not `within` seconds."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: self._ended, timeout=within):
                raise AssertionError(f"the log still goes on after {within} s")
            return tuple(self._lines)

    def stop(self) -> None:
        """Follows no longer; what was read stays."""
        self._ended = True
        if self._stream is not None:
            self._stream.close()

    def _follow(self) -> None:
        opened = False
        while not self._ended:
            over = opened and self._is_over()
            try:
                with self._api.stream(self._path, self._query) as self._stream:
                    for line in self._stream:
                        if self._ended:  # the last line may be half of one
                            return
                        with self._arrival:
                            self._lines.append(_log_line(line.decode(errors="replace").rstrip("\n")))
                            self._arrival.notify_all()
                if self._lines or over:
                    break
                opened = True  # a log that is opened before its container runs ends at once
            except ApiError as refusal:  # 400: the container does not run yet; 404: nor does its Pod
                if refusal.status not in (400, NOT_FOUND):
                    raise
                if over:
                    break
            except OSError:
                break
            time.sleep(0.1)
        with self._arrival:
            self._ended = True
            self._arrival.notify_all()

    def _is_over(self) -> bool:
        """Whether nothing more can come: the container has ended, or its Pod is gone."""
        answer = self._api.call("GET", self._path.removesuffix("/log"))
        if answer.status == NOT_FOUND:
            return True
        return "terminated" in container_status(answer.json(), self._query["container"]).get("state", {})
