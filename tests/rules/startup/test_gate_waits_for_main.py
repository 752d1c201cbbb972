"""Gates that ask the main containers, and those that do not."""

from __future__ import annotations

import pytest

from sidecarlib.model.wait_for import WaitFor
from sidecarlib.rules.frame.severity import Confidence, Severity
from tests.rules.startup.pods import Fields, container, found, scratch, shell, sidecar

RULE = "gate-waits-for-main"
APP = container("name: app, ports: [{containerPort: 8080}], volumeMounts: [{name: shared, mountPath: /shared}]")


def gate(script: str) -> Fields:
    """A plain init container behind a sidecar."""
    return shell("gate", script, "volumeMounts: [{name: shared, mountPath: /shared}]")


@pytest.mark.parametrize(
    "wait",
    [
        WaitFor.tcp(port=8080),
        WaitFor.http("/ready", port=8080),
        WaitFor.command(["nc", "-z", "localhost", "8080"]),
        WaitFor.file("/shared/ready"),
    ],
    ids=lambda wait: wait.description,
)
def test_sidecarlibs_own_gates_are_read(wait: WaitFor) -> None:
    """Whatever the gate waits for, a main container that provides it comes too late."""
    behind = {**gate(""), "command": list(wait.script())}
    (finding,) = found(RULE, sidecar("name: proxy"), behind, mains=(APP,), volumes=scratch("shared"))
    assert (finding.severity, finding.container) == (Severity.ERROR, "gate")


@pytest.mark.parametrize(
    "script",
    [
        "until nc -z localhost 8080; do sleep 1; done",
        "while ! curl -sf http://127.0.0.1:8080/ready; do sleep 1; done",
        "until wget -qO- http://localhost:8080 | grep -q ok; do sleep 1; done",
        "n=0; until nc -z localhost 8080; do n=$((n+1)); if [ $n -gt 60 ]; then exit 1; fi; sleep 1; done",
        "while [ ! -f /shared/ready ]; do sleep 1; done",
        "until [ -s /shared/ready ]; do sleep 1; done; exec migrate",
    ],
)
def test_loops_of_any_hand_are_read(script: str) -> None:
    """A loop that gives up with an error is no better: the container is tried again, or the Pod fails."""
    (finding,) = found(RULE, gate(script), mains=(APP,), volumes=scratch("shared"))
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)


@pytest.mark.parametrize(
    "script",
    [
        "until nc -z database 8080; do sleep 1; done",
        "for i in 1 2 3; do nc -z localhost 8080 && break; sleep 1; done",
        "until nc -z localhost 8080; do n=$((n+1)); [ $n -gt 9 ] && break; sleep 1; done",
        "until nc -z localhost 8080 || [ -f /shared/skip ]; do sleep 1; done",
        "server --port 8080 & until nc -z localhost 8080; do sleep 1; done; kill %1",
        'if [ -n "$WAIT" ]; then until nc -z localhost 8080; do sleep 1; done; fi',
        "while nc -z localhost 8080; do sleep 1; done",
        "until [ -f /etc/hostname ]; do sleep 1; done",
    ],
)
def test_loops_that_may_end_are_left_alone(script: str) -> None:
    """Other hosts, loops with another way out, something started beside them, the opposite question."""
    assert not found(RULE, gate(script), mains=(APP,), volumes=scratch("shared"))


@pytest.mark.parametrize(
    ("words", "findings"),
    [
        ("[wait-for-it.sh, 'localhost:8080', '-t', '0']", 1),
        ("[bash, /scripts/wait-for-it.sh, 'localhost:8080', '--strict', '--', echo, up]", 1),
        ("[dockerize, '-wait', 'tcp://127.0.0.1:8080']", 1),
        ("[wait4x, tcp, 'localhost:8080']", 1),
        ("[wait-for-it.sh, 'localhost:8080', '--', echo, up]", 0),
        ("[wait-for-it.sh, 'database:8080']", 0),
    ],
)
def test_programs_that_do_nothing_but_wait_are_known(words: str, findings: int) -> None:
    """Unless they go on when their time is up."""
    assert len(found(RULE, container(f"name: gate, command: {words}"), mains=(APP,))) == findings


def test_an_earlier_sidecar_may_serve_the_port() -> None:
    """When it declares the port or is told the number; when it is told to connect there, it does not."""
    loop = gate("until nc -z localhost 8080; do sleep 1; done")
    for text in ("ports: [{containerPort: 8080}]", "args: ['--port=8080']", "env: [{name: PORT, value: '8080'}]"):
        assert not found(RULE, sidecar(text), loop, mains=(APP,))
    (finding,) = found(RULE, sidecar("args: ['--upstream=http://127.0.0.1:8080']"), loop, mains=(APP,))
    assert finding.confidence is Confidence.LIKELY


def test_an_earlier_container_may_have_written_the_file() -> None:
    """A plain init container or a sidecar with the volume mounted for writing; one that only reads has not."""
    loop = gate("until test -e /shared/ready; do sleep 1; done")
    for read_only, findings in ((False, 0), (True, 1)):
        earlier = container("name: earlier") | {
            "volumeMounts": [{"name": "shared", "mountPath": "/s", "readOnly": read_only}]
        }
        assert len(found(RULE, earlier, loop, mains=(APP,), volumes=scratch("shared"))) == findings


def test_a_volume_that_outlives_the_pod_may_hold_the_file_already() -> None:
    """Only an emptyDir is sure to be empty."""
    loop = gate("until test -e /shared/ready; do sleep 1; done")
    claim = [{"name": "shared", "persistentVolumeClaim": {"claimName": "data"}}]
    assert not found(RULE, loop, mains=(APP,), volumes=claim)


@pytest.mark.parametrize(
    "probe",
    [
        "startupProbe: {tcpSocket: {port: 8080}}",
        "startupProbe: {grpc: {port: 8080}}",
        "startupProbe: {exec: {command: [sh, -c, 'curl -sf localhost:8080/ready']}}",
        "startupProbe: {exec: {command: [wget, -qO-, 'http://127.0.0.1:8080']}}",
        "lifecycle: {postStart: {exec: {command: [sh, -c, 'until nc -z localhost 8080; do sleep 1; done']}}}",
        "lifecycle: {postStart: {httpGet: {port: 8080}}}",
    ],
)
def test_a_sidecar_must_not_ask_the_application_for_its_own_start(probe: str) -> None:
    """Neither by its startup probe nor by its postStart hook, unless it serves the port itself."""
    (finding,) = found(RULE, sidecar(probe), mains=(APP,))
    assert finding.severity is Severity.ERROR
    assert not found(RULE, sidecar(f"ports: [{{containerPort: 8080}}], {probe}"), mains=(APP,))
    assert not found(RULE, sidecar(f"args: ['--listen=:8080'], {probe}"), mains=(APP,))


def test_a_sidecar_that_waits_before_it_serves_never_passes_a_network_probe() -> None:
    """Nothing listens while its own command line still waits for the application; without a probe it may wait."""
    waiting = shell(
        "proxy",
        "until nc -z localhost 8080; do sleep 1; done; exec proxy",
        "restartPolicy: Always, ports: [{containerPort: 9901}]",
    )
    assert not found(RULE, waiting, mains=(APP,))
    (finding,) = found(RULE, waiting | {"startupProbe": {"tcpSocket": {"port": 9901}}}, mains=(APP,))
    assert finding.pointer == "/initContainers/0/command/2"


def test_readiness_and_liveness_gate_nothing() -> None:
    """A sidecar may depend on the application in them."""
    probes = "readinessProbe: {tcpSocket: {port: 8080}}, livenessProbe: {tcpSocket: {port: 8080}}"
    assert not found(RULE, sidecar(probes), mains=(APP,))


def test_a_port_that_nobody_declares_is_a_warning() -> None:
    """With nothing beside it that could listen; a webhook's sidecar is not in the manifest, and its ports are known."""
    (finding,) = found(RULE, gate("until nc -z localhost 5432; do sleep 1; done"))
    assert finding.severity is Severity.WARNING
    assert not found(RULE, gate("until curl -sf http://localhost:15021/healthz/ready; do sleep 1; done"))
    assert not found(RULE, sidecar("name: quiet"), gate("until nc -z localhost 5432; do sleep 1; done"))


def test_on_the_nodes_network_anybody_may_listen() -> None:
    """The port may be one of the node's."""
    assert not found(RULE, gate("until nc -z localhost 8080; do sleep 1; done"), mains=(APP,), hostNetwork=True)
