"""Probes, gates and hooks of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from sidecarlib import Hook, Lifecycle, Probe, WaitFor
from tests.strategies.words import TEXTS, optional, some_of

COMMANDS = st.lists(TEXTS, min_size=1, max_size=3)
HTTP_PATHS = st.sampled_from(["/", "/ready", "/a?b=c", "/ü"])
SCHEMES = optional(st.sampled_from(["HTTP", "HTTPS"]))
HEADERS = st.dictionaries(st.sampled_from(["Host", "X-Probe"]), st.sampled_from(["", "a", "a b"]), max_size=2)
TIMES = {
    "within": st.integers(0, 600) | st.floats(0, 600),
    "period_seconds": st.integers(1, 60),
    "timeout_seconds": st.integers(1, 30),
    "failure_threshold": st.integers(1, 100),
    "initial_delay_seconds": st.integers(0, 60),
}


@st.composite
def probes(draw: st.DrawFn, ports: Sequence[int | str], role: str) -> Probe:
    """A probe for a `role` (startup, liveness, readiness) of a container that has these ports, by number or name."""
    times: dict[str, Any] = draw(some_of(TIMES, most=2))
    if role == "readiness":
        times.update(draw(some_of({"success_threshold": st.integers(1, 3)})))
    else:
        times.update(draw(some_of({"termination_grace_period_seconds": st.integers(1, 60)})))
    numbers = [port for port in ports if isinstance(port, int)]
    kinds = ["exec", *(["http", "tcp"] if ports else []), *(["grpc"] if numbers else [])]
    match draw(st.sampled_from(kinds)):
        case "http":
            return Probe.http(
                draw(HTTP_PATHS),
                port=draw(st.sampled_from(ports)),
                scheme=draw(SCHEMES),
                headers=draw(HEADERS),
                **times,
            )
        case "tcp":
            return Probe.tcp(port=draw(st.sampled_from(ports)), **times)
        case "grpc":
            service = draw(optional(st.sampled_from(["health", "a.b"])))
            return Probe.grpc(port=draw(st.sampled_from(numbers)), service=service, **times)
        case _:
            return Probe.exec(draw(COMMANDS), **times)


@st.composite
def gates(draw: st.DrawFn, ports: Sequence[int | str]) -> Probe | WaitFor:
    """The startup gate of a sidecar: a probe, a container behind it, or none with a reason."""
    numbers = [port for port in ports if isinstance(port, int)]
    kinds = ["probe", "probe", "none", "command", *(["tcp", "http"] if numbers else [])]
    within = draw(st.integers(1, 600))
    match draw(st.sampled_from(kinds)):
        case "none":
            return Probe.none(because=draw(st.sampled_from(["nobody depends on it", "ü", "it serves at once\n"])))
        case "command":
            return WaitFor.command(draw(COMMANDS), within=within)
        case "tcp":
            return WaitFor.tcp(port=draw(st.sampled_from(numbers)), within=within)
        case "http":
            return WaitFor.http(draw(HTTP_PATHS), port=draw(st.sampled_from(numbers)), within=within)
        case _:
            return draw(probes(ports, "startup"))


@st.composite
def lifecycles(draw: st.DrawFn, ports: Sequence[int | str]) -> Lifecycle:
    """Hooks; a sleep stays below the shortest grace period that is drawn."""
    exec_hook = COMMANDS.map(Hook.exec)
    sleep = st.integers(0, 1).map(Hook.sleep)
    http = [st.builds(Hook.http, HTTP_PATHS, port=st.sampled_from(ports), scheme=SCHEMES)] if ports else []
    hooks = st.one_of(exec_hook, sleep, *http)
    return Lifecycle(post_start=draw(optional(hooks)), pre_stop=draw(optional(hooks)))
