"""Probes on ports that flags bind to loopback; what products do is in their own tests."""

from __future__ import annotations

import pytest

from sidecarlib.rules.frame.severity import Confidence, Severity
from tests.rules.startup.pods import container, found

RULE = "loopback-network-probe"
PROBE = "readinessProbe: {httpGet: {path: /, port: 8080}}"


@pytest.mark.parametrize(
    "words",
    [
        "['--listen=127.0.0.1:8080']",
        "['--listen', 'localhost:8080']",
        "['--web.listen-address=[::1]:8080']",
        "['--http-address=localhost', '--http-port=8080']",
        "['--address', '127.0.0.1', '--port', '8080']",
        "['--health-probe-bind-address=127.0.0.1:8080']",
        "[gunicorn, '-b', '127.0.0.1:8080']",
        "[sh, '-c', 'exec server --bind 127.0.0.1:8080']",
    ],
)
def test_listen_flags_are_understood(words: str) -> None:
    """With the port in the flag or in the flag that goes with it. The finding is likely, and no error."""
    (finding,) = found(RULE, mains=(container(f"args: {words}, {PROBE}"),))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)


@pytest.mark.parametrize(
    "variables", [{"LISTEN_ADDR": "127.0.0.1:8080"}, {"BIND_HOST": "127.0.0.1", "BIND_PORT": "8080"}]
)
def test_listen_variables_are_understood(variables: dict[str, str]) -> None:
    """With literal values alone."""
    app = container(PROBE) | {"env": [{"name": name, "value": value} for name, value in variables.items()]}
    assert len(found(RULE, mains=(app,))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "['--upstream=http://127.0.0.1:8080']",
        "['--target', '127.0.0.1:8080']",
        "['--listen=127.0.0.1:9090']",
        "['--listen=127.0.0.1:8080', '--listen=:8080']",
        "['--listen=127.0.0.1:8080', '--http-listen', '0.0.0.0:8080']",
        "['--listen=unix:///run/x.sock']",
        "['--listen-client-urls=https://127.0.0.1:8080,https://10.0.0.1:8080']",
        "['--host=127.0.0.1', '--port=8080']",
        "['--bind', '127.0.0.1']",
        "['-H', 'Host: localhost:8080']",
    ],
)
def test_what_is_not_surely_a_listener_on_loopback_is_left_alone(words: str) -> None:
    """Addresses to connect to, other ports, other listeners on the same port, flags that mean either."""
    assert not found(RULE, mains=(container(f"args: {words}, {PROBE}"),))


def test_the_nodes_network_does_not_help() -> None:
    """The Pod's IP is the node's there, still not its loopback; with the loopback as the probe's host all is well."""
    words = "args: ['--listen=127.0.0.1:8080']"
    assert found(RULE, mains=(container(f"{words}, {PROBE}"),), hostNetwork=True)
    there = "readinessProbe: {tcpSocket: {port: 8080, host: 127.0.0.1}}"
    assert not found(RULE, mains=(container(f"{words}, {there}"),), hostNetwork=True)


def test_an_exec_probe_sees_the_loopback() -> None:
    """It runs in the container."""
    words = "args: ['--listen=127.0.0.1:8080']"
    assert not found(RULE, mains=(container(f"{words}, readinessProbe: {{exec: {{command: [check]}}}}"),))


def test_a_named_port_is_looked_up() -> None:
    """As the kubelet does it."""
    app = container(
        "args: ['--listen=127.0.0.1:8080'], ports: [{name: http, containerPort: 8080}], startupProbe: {tcpSocket: {port: http}}"
    )
    assert len(found(RULE, mains=(app,))) == 1


def test_hooks_are_dialled_as_well() -> None:
    """Hooks over http go to the Pod's IP too."""
    hook = "lifecycle: {postStart: {httpGet: {path: /, port: 8080}}}"
    assert len(found(RULE, mains=(container(f"args: ['--listen=127.0.0.1:8080'], {hook}"),))) == 1
