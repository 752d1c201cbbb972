"""Names of ports that a probe or a hook cannot resolve."""

from __future__ import annotations

import pytest

from sidecarlib.rules.frame.severity import Severity
from tests.rules.startup.pods import container, found, sidecar

RULE = "unknown-named-probe-port"


@pytest.mark.parametrize(
    ("field", "severity"),
    [
        ("startupProbe: {tcpSocket: {port: nope}}", Severity.ERROR),
        ("readinessProbe: {httpGet: {port: nope}}", Severity.ERROR),
        ("livenessProbe: {httpGet: {port: nope}}", Severity.WARNING),
        ("lifecycle: {postStart: {httpGet: {port: nope}}}", Severity.ERROR),
        ("lifecycle: {preStop: {httpGet: {port: nope}}}", Severity.WARNING),
    ],
)
def test_what_keeps_the_pod_from_starting_is_an_error(field: str, severity: Severity) -> None:
    """A liveness probe or a preStop hook that never works leaves the Pod running: a warning."""
    (finding,) = found(RULE, sidecar(field))
    assert finding.severity is severity


def test_a_name_of_another_container_does_not_help() -> None:
    """The kubelet looks among the container's own ports."""
    app = container("name: app, ports: [{name: http, containerPort: 8080}]")
    (finding,) = found(RULE, sidecar("startupProbe: {tcpSocket: {port: http}}"), mains=(app,))
    assert finding.container == "one"


def test_numbers_are_no_names() -> None:
    """A number needs no declared port, nor does one in quotes, which the API server refuses for another reason."""
    assert not found(RULE, sidecar("startupProbe: {tcpSocket: {port: 80}}, readinessProbe: {tcpSocket: {port: '80'}}"))


def test_the_names_that_there_are_stand_in_the_advice() -> None:
    """Mostly it is a slip of the pen."""
    (finding,) = found(
        RULE, sidecar("ports: [{name: health, containerPort: 1}], startupProbe: {tcpSocket: {port: heath}}")
    )
    assert "'health'" in finding.instead
