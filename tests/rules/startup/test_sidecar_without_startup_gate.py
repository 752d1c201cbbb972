"""Native sidecars that hold nothing back."""

from __future__ import annotations

import pytest

from sidecarlib.model.wait_for import WaitFor
from sidecarlib.rules.frame.severity import Severity
from tests.rules.startup.pods import container, found, shell, sidecar

RULE = "sidecar-without-startup-gate"
GATE = container("name: gate") | {"command": list(WaitFor.command(["check"]).script())}


@pytest.mark.parametrize(
    "text", ["", "readinessProbe: {tcpSocket: {port: 1}}", "livenessProbe: {tcpSocket: {port: 1}}"]
)
def test_only_what_blocks_is_a_gate(text: str) -> None:
    """Readiness and liveness hold nothing back. It is a warning: not every sidecar is needed at the start."""
    (finding,) = found(RULE, sidecar(text))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    ["startupProbe: {tcpSocket: {port: 1}}", "lifecycle: {postStart: {exec: {command: [wait-for-it]}}}"],
)
def test_a_startup_probe_or_a_hook_is_one(text: str) -> None:
    """The next container waits for either."""
    assert not found(RULE, sidecar(text))


def test_a_plain_init_container_that_waits_directly_behind_is_one() -> None:
    """Any loop counts there; one that does something else is no gate, nor is one behind the next sidecar."""
    assert not found(RULE, sidecar("name: a"), GATE)
    assert len(found(RULE, sidecar("name: a"), container("name: setup, command: [setup]"))) == 1
    (finding,) = found(RULE, sidecar("name: a"), sidecar("name: b"), GATE)
    assert finding.container == "a"


def test_a_later_gate_for_its_port_or_file_is_one() -> None:
    """One gate may stand behind several sidecars."""
    loop = shell("gate", "until nc -z localhost 5432; do sleep 1; done")
    assert not found(
        RULE,
        sidecar("name: a, ports: [{containerPort: 5432}]"),
        sidecar("name: b, startupProbe: {tcpSocket: {port: 1}}"),
        loop,
    )


def test_main_and_plain_init_containers_are_not_asked() -> None:
    """The rule is about native sidecars."""
    assert not found(RULE, container("name: setup"))
