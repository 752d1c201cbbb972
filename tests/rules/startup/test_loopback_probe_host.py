"""Probes whose host is the node's loopback."""

from __future__ import annotations

import pytest

from sidecarlib.rules.frame.severity import Severity
from tests.rules.startup.pods import found, sidecar

RULE = "loopback-probe-host"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "localhost", "'::1'"])
def test_every_spelling_of_loopback_is_found(host: str) -> None:
    """In http and tcp handlers alike."""
    (finding,) = found(RULE, sidecar(f"startupProbe: {{tcpSocket: {{port: 80, host: {host}}}}}"))
    assert finding.pointer.endswith("/tcpSocket/host")


@pytest.mark.parametrize("host", ["10.0.0.1", "example.com", "localhost.example.com"])
def test_another_host_is_somebody_elses_matter(host: str) -> None:
    """It may well answer."""
    assert not found(RULE, sidecar(f"startupProbe: {{httpGet: {{port: 80, host: {host}}}}}"))


def test_on_the_nodes_network_it_is_right() -> None:
    """There both loopbacks are one, and 127.0.0.1 is the only way to a listener on it."""
    assert not found(RULE, sidecar("startupProbe: {httpGet: {port: 80, host: 127.0.0.1}}"), hostNetwork=True)


def test_a_hook_before_the_stop_is_a_warning() -> None:
    """It is not carried out, and the Pod runs."""
    hooks = "lifecycle: {postStart: {httpGet: {port: 80, host: localhost}}, preStop: {httpGet: {port: 80, host: localhost}}}"
    assert [finding.severity for finding in found(RULE, sidecar(hooks))] == [Severity.ERROR, Severity.WARNING]
