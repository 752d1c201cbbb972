"""Probes and hooks that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sidecarlib import Hook, Lifecycle, Probe
from tests.cluster.refusals.case import Case, Json, main, raw_main, raw_sidecar, sidecar

EXEC = {"exec": {"command": ["true"]}}
HTTP: Json = {"path": "/", "port": 8080}


def probe_case(name: str, ours: Callable[[], Any], theirs: Json) -> Case:
    """A startup probe of a sidecar."""
    return Case(name=name, ours=ours, theirs=raw_sidecar(startupProbe=theirs))


def hook_case(name: str, ours: Callable[[], Any], theirs: Json) -> Case:
    """A pre-stop hook of a container."""
    return Case(name=name, ours=ours, theirs=raw_main(lifecycle={"preStop": theirs}))


def cases() -> Iterator[Case]:
    """Handlers, their ports and numbers."""
    two = {**EXEC, "tcpSocket": {"port": 8080}}
    yield probe_case("no handler", lambda: Probe(handler={}), {"periodSeconds": 1})
    yield probe_case("two handlers", lambda: Probe(handler=two), two)
    yield probe_case("no command", lambda: Probe.exec([]), {"exec": {"command": []}})
    yield probe_case("probe command that is no text", lambda: Probe.exec([5]), {"exec": {"command": [5]}})  # type: ignore[list-item]
    yield probe_case("scheme", lambda: Probe.http("/", port=8080, scheme="FTP"), {"httpGet": {**HTTP, "scheme": "FTP"}})
    yield probe_case(
        "name of a header",
        lambda: Probe.http("/", port=8080, headers={"a b": "c"}),
        {"httpGet": {**HTTP, "httpHeaders": [{"name": "a b", "value": "c"}]}},
    )
    for port in (0, -1, 65536, "8080", "UPPER", "a" * 16, "a--b"):
        yield probe_case(
            f"http port {port!r}",
            lambda port=port: Probe.http("/", port=port),  # type: ignore[misc]
            {"httpGet": {**HTTP, "port": port}},
        )
        yield probe_case(
            f"tcp port {port!r}",
            lambda port=port: Probe.tcp(port=port),  # type: ignore[misc]
            {"tcpSocket": {"port": port}},
        )
        yield probe_case(
            f"grpc port {port!r}",
            lambda port=port: Probe.grpc(port=port),  # type: ignore[misc]
            {"grpc": {"port": port}},
        )
    for field, key in NUMBERS:
        for number in (-1, 0.5, True):
            yield probe_case(
                f"{field} {number!r}",
                lambda field=field, number=number: Probe(handler=EXEC, **{field: number}),  # type: ignore[misc]
                {**EXEC, key: number},
            )
    yield probe_case(
        "termination grace period of 0",
        lambda: Probe(handler=EXEC, termination_grace_period_seconds=0),
        {**EXEC, "terminationGracePeriodSeconds": 0},
    )
    yield from _places()
    yield from _hooks()


NUMBERS = (
    ("period_seconds", "periodSeconds"),
    ("timeout_seconds", "timeoutSeconds"),
    ("failure_threshold", "failureThreshold"),
    ("success_threshold", "successThreshold"),
    ("initial_delay_seconds", "initialDelaySeconds"),
)


def _places() -> Iterator[Case]:
    twice = {**EXEC, "successThreshold": 2}
    yield probe_case(
        "success threshold of a startup probe", sidecar(startup_probe=Probe(handler=EXEC, success_threshold=2)), twice
    )
    yield Case(
        name="success threshold of a liveness probe",
        ours=main(liveness_probe=Probe(handler=EXEC, success_threshold=2)),
        theirs=raw_main(livenessProbe=twice),
    )
    yield Case(
        name="termination grace period of a readiness probe",
        ours=main(readiness_probe=Probe(handler=EXEC, termination_grace_period_seconds=5)),
        theirs=raw_main(readinessProbe={**EXEC, "terminationGracePeriodSeconds": 5}),
    )
    yield Case(
        name="sleep beyond the grace period",
        ours=main(lifecycle=Lifecycle(pre_stop=Hook.sleep(31))),
        theirs=raw_main(lifecycle={"preStop": {"sleep": {"seconds": 31}}}),
    )


def _hooks() -> Iterator[Case]:
    yield hook_case("hook without a handler", lambda: Hook(handler={}), {})
    yield hook_case("hook without a command", lambda: Hook.exec([]), {"exec": {"command": []}})
    yield hook_case("hook's port", lambda: Hook.http("/", port=0), {"httpGet": {**HTTP, "port": 0}})
    yield hook_case(
        "hook's scheme", lambda: Hook.http("/", port=80, scheme="FTP"), {"httpGet": {**HTTP, "scheme": "FTP"}}
    )
    yield hook_case("negative sleep", lambda: Hook.sleep(-1), {"sleep": {"seconds": -1}})
