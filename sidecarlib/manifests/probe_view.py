"""Probes and lifecycle hooks as a manifest has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidecarlib.manifests.reading import (
    NOTHING,
    integer,
    mapping,
    optional_integer,
    optional_text,
    pointer,
    text,
    texts,
)

PROBE_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
HOOK_HANDLERS = ("exec", "httpGet", "sleep", "tcpSocket")


class HandlerView:
    """What a probe and a hook have in common: one handler, and what it aims at.

    `handlers` names all that are written, where only one may be; `handler` is the first of them, `action` its fields.
    """

    __slots__ = ("action", "field", "handler", "handlers", "pointer", "spec")

    def __init__(self, spec: Mapping[str, Any], field: str, where: str, known: tuple[str, ...]) -> None:
        self.spec = spec
        self.field = field
        self.pointer = where
        self.handlers = tuple([name for name in known if spec.get(name) is not None])
        self.handler = self.handlers[0] if self.handlers else None
        self.action = mapping(spec.get(self.handler)) if self.handler else NOTHING

    @property
    def port(self) -> int | str | None:
        """The port number, or the name of a port, that it aims at."""
        value = self.action.get("port")
        return value if isinstance(value, (int, str)) and not isinstance(value, bool) else None

    @property
    def host(self) -> str | None:
        """The host that it dials, None for the Pod's IP."""
        return optional_text(self.action.get("host")) or None

    @property
    def path(self) -> str:
        """The path of an http request."""
        return text(self.action.get("path"))

    @property
    def command(self) -> tuple[str, ...]:
        """The words of an exec command."""
        return texts(self.action.get("command"))

    @property
    def over_network(self) -> bool:
        """Whether the kubelet dials it."""
        return self.handler in {"httpGet", "tcpSocket", "grpc"}

    def at(self, *path: str | int) -> str:
        """The JSON pointer of a field."""
        return pointer(self.pointer, path)


class ProbeView(HandlerView):
    """A probe; times are in seconds, with Kubernetes' defaults (period 10, timeout 1, three failures)."""

    __slots__ = ()

    def __init__(self, spec: Mapping[str, Any], field: str, where: str) -> None:
        super().__init__(spec, field, where, PROBE_HANDLERS)

    @property
    def period_seconds(self) -> int:
        """Seconds between two tries."""
        return integer(self.spec.get("periodSeconds"), 10) or 10

    @property
    def timeout_seconds(self) -> int:
        """Seconds until a try has failed."""
        return integer(self.spec.get("timeoutSeconds"), 1) or 1

    @property
    def failure_threshold(self) -> int:
        """Failures in a row until the kubelet acts."""
        return integer(self.spec.get("failureThreshold"), 3) or 3

    @property
    def success_threshold(self) -> int:
        """Successes in a row that count."""
        return integer(self.spec.get("successThreshold"), 1) or 1

    @property
    def initial_delay_seconds(self) -> int:
        """Seconds after the container's start before the first try."""
        return integer(self.spec.get("initialDelaySeconds"), 0)

    @property
    def budget_seconds(self) -> int:
        """The longest time until the kubelet gives up on a container that never answers."""
        return self.initial_delay_seconds + self.failure_threshold * max(self.period_seconds, self.timeout_seconds)


class HookView(HandlerView):
    """A lifecycle hook."""

    __slots__ = ()

    def __init__(self, spec: Mapping[str, Any], field: str, where: str) -> None:
        super().__init__(spec, field, where, HOOK_HANDLERS)

    @property
    def sleep_seconds(self) -> int | None:
        """The seconds of a sleep action."""
        return optional_integer(mapping(self.spec.get("sleep")).get("seconds"))
