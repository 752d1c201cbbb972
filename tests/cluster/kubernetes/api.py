"""Speaking HTTP to the API server: quick enough for hundreds of requests, without a client library."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import SHUT_RDWR, socket
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cluster.kubernetes.access import Access

Json = dict[str, Any]


class ApiError(Exception):
    """The API server refused: `status` is its HTTP code, the text its message."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: HTTP code, body, and the warnings of the API server."""

    status: int
    body: bytes
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    def json(self) -> Json:
        """The body, read as a JSON object; raises `ApiError` where the answer is a refusal."""
        if self.status >= 400:
            raise ApiError(self.status, self.message)
        return dict(json.loads(self.body))

    @property
    def message(self) -> str:
        """The API server's own words where it sent a Status, else the whole body."""
        try:
            return str(json.loads(self.body)["message"])
        except (ValueError, KeyError, TypeError):
            return self.text


class Api:
    """The API server. Threads may share one: a connection serves one call at a time, and is kept for the next."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._idle: deque[HTTPConnection] = deque()

    def close(self) -> None:
        """Closes the connections that were kept."""
        while self._idle:
            self._idle.pop().close()

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; refusals are answers too. `body` is sent as JSON."""
        target = self._target(path, query or {})
        sent = None if body is None else json.dumps(body).encode()
        while True:
            known = bool(self._idle)
            connection = self._idle.pop() if known else self.access.connect(timeout=60)
            try:
                answer = self._exchange(connection, method, target, sent, headers or {})
            except BaseException as failure:
                connection.close()
                if known and isinstance(failure, (ConnectionError, HTTPException)):
                    continue  # the server had closed the idle connection
                raise
            self._idle.append(connection)
            return answer

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """Reads one object or list; raises `ApiError` where there is none."""
        return self.call("GET", path, query).json()

    @contextmanager
    def stream(self, path: str, query: Mapping[str, str]) -> Iterator[Stream]:
        """An answer that goes on, such as a watch or a followed log."""
        connection = self.access.connect(timeout=None)
        try:
            connection.request("GET", self._target(path, query), headers=dict(self.access.headers))
            wire = connection.sock  # getresponse may take it out of the connection
            response = connection.getresponse()
            if response.status >= 400:
                raise ApiError(response.status, response.read().decode(errors="replace"))
            with response:
                yield Stream(wire, response)
        finally:
            connection.close()

    def _exchange(
        self, connection: HTTPConnection, method: str, target: str, sent: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        every = {
            "Accept": "application/json, */*",
            "Content-Type": "application/json",
            **self.access.headers,
            **headers,
        }
        connection.request(method, target, body=sent, headers=every)
        response = connection.getresponse()
        warnings = response.headers.get_all("Warning") or []
        return Answer(
            status=response.status, body=response.read(), warnings=tuple(_warning_text(each) for each in warnings)
        )

    def _target(self, path: str, query: Mapping[str, str]) -> str:
        return urlsplit(self.access.server).path + path + ("?" + urlencode(query) if query else "")


class Stream:
    """The lines of an answer that goes on; `close` from any thread ends it."""

    def __init__(self, wire: socket, response: HTTPResponse) -> None:
        self._wire, self._response = wire, response

    def __iter__(self) -> Iterator[bytes]:
        try:
            while line := self._response.readline():
                yield line
        except (OSError, HTTPException, ValueError):  # closed below, or by the server in the middle of a line
            return

    def close(self) -> None:
        """Ends the iteration at once."""
        with suppress(OSError):  # it may have ended by itself
            self._wire.shutdown(SHUT_RDWR)


def _warning_text(header: str) -> str:
    """The text of a Warning header, which reads `299 - "text"`."""
    return header.partition('"')[2].removesuffix('"').replace('\\"', '"')
