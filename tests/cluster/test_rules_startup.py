"""What the rules about starting call an error is accepted by the API server, and then stuck.

In each case the rule finds its error in one Pod and nothing in a peer that differs in that alone; both are created at once, the
peer's application starts, the other's does not. Busybox and Cloud SQL Auth Proxy are the real programs; a static token stands in for
Google's identity, which neither the proxy's start nor its listening needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sidecarlib import WaitFor
from sidecarlib.manifests.templates import pod_templates
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.running import judge
from sidecarlib.rules.frame.severity import Severity
from tests.cluster.images import BUSYBOX, CLOUD_SQL_PROXY
from tests.cluster.kubernetes.conditions import (
    Condition,
    complete,
    container_status,
    restarted,
    running,
    started,
    terminated,
)
from tests.cluster.kubernetes.namespace import Namespace

Fields = dict[str, Any]
Evidence = Callable[[Namespace], Condition]

TRIES = 6
"""More than the failures after which a probe that counts would have restarted its container."""
QUICK = {"periodSeconds": 1, "failureThreshold": 3, "terminationGracePeriodSeconds": 1}
"""A short budget, and a short end for those that ignore SIGTERM, as busybox does."""
KEY = {
    "type": "service_account",
    "project_id": "project",
    "private_key_id": "1",
    "private_key": "none",
    "client_email": "app@project.iam.gserviceaccount.com",
    "client_id": "1",
    "token_uri": "http://127.0.0.1:9/token",
}
"""Enough for the proxy's start: it does not look into the private key before the first connection."""
SECRETS = [{"name": "secrets", "mountPath": "/secrets"}]
APP = {
    "name": "app",
    "image": BUSYBOX,
    "command": ["httpd", "-f", "-p", "8080"],
    "ports": [{"name": "http", "containerPort": 8080}],
    "volumeMounts": SECRETS,
}


def shell(name: str, script: str, **fields: Any) -> Fields:
    """A busybox container that runs a script."""
    return {"name": name, "image": BUSYBOX, "command": ["sh", "-c", script], **fields}


def server(**fields: Any) -> Fields:
    """A sidecar that serves http on port 9901, named `health`."""
    script = "mkdir /www; echo fine > /www/index.html; exec httpd -f -p 9901 -h /www"
    ports = [{"name": "health", "containerPort": 9901}]
    return shell("sidecar", script, restartPolicy="Always", ports=ports) | fields


def agent(**fields: Any) -> Fields:
    """A sidecar that writes a service account's key onto the shared volume."""
    key = {"name": "KEY", "value": json.dumps(KEY)}
    script = """printf %s "$KEY" > /secrets/key; sleep 3600 & wait"""
    return shell("agent", script, restartPolicy="Always", env=[key], volumeMounts=SECRETS, **fields)


def proxy(*flags: str, credentials: str = "--token=none", **fields: Any) -> Fields:
    """The real Cloud SQL Auth Proxy as a sidecar."""
    args = [credentials, "--port=5432", *flags, "myproject:us-central1:mydb"]
    return {"name": "sidecar", "image": CLOUD_SQL_PROXY, "args": args, "restartPolicy": "Always", **fields}


def told(text: str, times: int = 1) -> Evidence:
    """Events about the Pod say `text` so many times."""

    def evidence(namespace: Namespace) -> Condition:
        def holds(_: object) -> bool:
            about = [event for event in namespace.events("pod/stuck") if text in event["message"]]
            return sum(event.get("count") or 1 for event in about) >= times

        return Condition(f"told {times}x {text!r}", holds)

    return evidence


def still_at_it(container: str, *, tries: int = TRIES) -> Evidence:
    """The container runs and has printed so many lines, one for each try."""

    def evidence(namespace: Namespace) -> Condition:
        lines = Condition(f"{tries} tries", lambda _: len(namespace.logs("pod/stuck", container).splitlines()) >= tries)
        return running(container) & lines

    return evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two init sequences, the one that the rule refuses and its peer, and what shows that the first is stuck.

    Where failures are not `counted`, nothing is ever restarted, and no budget ends it.
    """

    rule: str
    stuck: list[Fields]
    peer: list[Fields]
    evidence: tuple[Evidence, ...]
    about: str = ""
    counted: bool = True

    def __str__(self) -> str:
        return " ".join(part for part in (self.rule, self.about) if part)


HEALTHY = server(startupProbe={"httpGet": {"path": "/", "port": "health"}, **QUICK})
BESIDE = "until wget -q -O /dev/null http://127.0.0.1:{port}/; do echo waiting; sleep 1; done"
FOR_KEY = "until test -e /secrets/key; do echo waiting; sleep 1; done"
HEALTH = ("--health-check", "--http-address=0.0.0.0")
READER = proxy(
    *HEALTH,
    credentials="--credentials-file=/secrets/key",
    volumeMounts=[{**SECRETS[0], "readOnly": True}],
    startupProbe={"httpGet": {"path": "/startup", "port": 9090}, **QUICK, "failureThreshold": 30},
)
WRITER = agent(startupProbe={"exec": {"command": ["test", "-s", "/secrets/key"]}, **QUICK})

CASES = [
    Case(
        rule="loopback-network-probe",
        stuck=[proxy(startupProbe={"tcpSocket": {"port": 5432}, **QUICK})],
        peer=[proxy(*HEALTH, startupProbe={"httpGet": {"path": "/startup", "port": 9090}, **QUICK})],
        evidence=(told(":5432: connect: connection refused"), lambda _: restarted("sidecar", times=2)),
    ),
    Case(
        rule="loopback-probe-host",
        stuck=[{**HEALTHY, "startupProbe": {"httpGet": {"path": "/", "port": 9901, "host": "127.0.0.1"}, **QUICK}}],
        peer=[HEALTHY],
        evidence=(
            told("dial tcp 127.0.0.1:9901: connect: connection refused"),
            lambda _: restarted("sidecar", times=2),
        ),
    ),
    Case(
        rule="unknown-named-probe-port",
        stuck=[{**HEALTHY, "startupProbe": {"httpGet": {"path": "/", "port": "http"}, **QUICK}}],
        peer=[HEALTHY],
        evidence=(told('port "http" not found', TRIES), lambda _: running("sidecar")),
        counted=False,
    ),
    Case(
        rule="missing-exec-probe-program",
        stuck=[proxy(startupProbe={"exec": {"command": ["nc", "-z", "127.0.0.1", "5432"]}, **QUICK})],
        peer=[
            proxy(
                "--health-check",
                startupProbe={
                    "exec": {"command": ["/cloud-sql-proxy", "wait", "--max=2s"]},
                    **QUICK,
                    "timeoutSeconds": 5,
                },
            )
        ],
        evidence=(told("executable file not found", TRIES), lambda _: running("sidecar")),
        counted=False,
    ),
    Case(
        rule="gate-waits-for-main",
        about="by a probe",
        stuck=[{**HEALTHY, "ports": [], "startupProbe": {"tcpSocket": {"port": 8080}, **QUICK}}],
        peer=[HEALTHY],
        evidence=(told(":8080: connect: connection refused"), lambda _: restarted("sidecar", times=2)),
    ),
    Case(
        rule="gate-waits-for-main",
        about="by a loop",
        stuck=[HEALTHY, shell("gate", BESIDE.format(port=8080))],
        peer=[HEALTHY, shell("gate", BESIDE.format(port=9901))],
        evidence=(still_at_it("gate"),),
    ),
    Case(
        rule="gate-waits-for-main",
        about="by WaitFor",
        stuck=[HEALTHY, {**shell("gate", ""), "command": list(WaitFor.tcp(port=8080, within=3).script())}],
        peer=[HEALTHY, {**shell("gate", ""), "command": list(WaitFor.tcp(port=9901, within=30).script())}],
        evidence=(lambda _: restarted("gate", times=2),),
    ),
    Case(
        rule="gate-waits-for-main",
        about="by a file",
        stuck=[shell("gate", FOR_KEY, volumeMounts=SECRETS)],
        peer=[agent(), shell("gate", FOR_KEY, volumeMounts=SECRETS)],
        evidence=(still_at_it("gate"),),
    ),
    Case(
        rule="gate-file-out-of-reach",
        stuck=[agent(), shell("gate", FOR_KEY)],
        peer=[agent(), shell("gate", FOR_KEY, volumeMounts=SECRETS)],
        evidence=(still_at_it("gate"),),
    ),
    Case(
        rule="consumer-before-provider",
        about="by a loop",
        stuck=[shell("migrate", BESIDE.format(port=9901)), HEALTHY],
        peer=[HEALTHY, shell("migrate", BESIDE.format(port=9901))],
        evidence=(still_at_it("migrate"),),
    ),
    Case(
        rule="consumer-before-provider",
        about="by a credentials file",
        stuck=[READER, WRITER],
        peer=[WRITER, READER],
        evidence=(lambda _: terminated("sidecar", 1), lambda _: restarted("sidecar", times=2)),
    ),
    Case(
        rule="endless-init-container",
        stuck=[shell("helper", "while true; do echo serving; sleep 1; done")],
        peer=[shell("helper", "while true; do echo serving; sleep 1; done", restartPolicy="Always")],
        evidence=(still_at_it("helper"),),
    ),
]


def pod(name: str, sequence: list[Fields]) -> Fields:
    """The application behind an init sequence."""
    spec = {"initContainers": sequence, "containers": [APP], "volumes": [{"name": "secrets", "emptyDir": {}}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def errors(rule: str, manifest: Fields) -> list[str]:
    """The errors that one rule finds in a manifest, as texts."""
    (template,) = pod_templates(manifest)
    found = judge(template.view(), among=[each for each in rules() if each.id == rule])
    return [str(finding) for finding in found if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_accepted_and_never_starts(namespace: Namespace, case: Case) -> None:
    """The peer's application runs; the other's waits, while its gate is tried again and again."""
    stuck, peer = pod("stuck", case.stuck), pod("peer", case.peer)
    assert len(errors(case.rule, stuck)) == 1
    assert errors(case.rule, peer) == []

    namespace.apply([stuck, peer])
    namespace.wait("pod/peer", started("app"), within=60)
    for evidence in case.evidence:
        namespace.wait("pod/stuck", evidence(namespace), within=60)

    found = namespace.get("pod/stuck")
    app = container_status(found, "app")
    assert (app["state"], app["restartCount"]) == ({"waiting": {"reason": "PodInitializing"}}, 0)
    if not case.counted:
        sidecar = container_status(found, "sidecar")
        assert (sidecar["restartCount"], sidecar["started"]) == (0, False)


def job(name: str, spec: Fields) -> Fields:
    """A Job of one try."""
    template = {"spec": {"restartPolicy": "Never", **spec}}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"template": template, "backoffLimit": 0},
    }


def test_a_job_with_a_proxy_among_its_main_containers_never_completes(namespace: Namespace) -> None:
    """The work is done and the proxy serves on; with the proxy as a native sidecar the same Job is complete."""
    work = shell("work", "sleep 2")
    traditional = {key: value for key, value in proxy().items() if key != "restartPolicy"}
    gated = proxy(*HEALTH, startupProbe={"httpGet": {"path": "/startup", "port": 9090}, **QUICK})
    stuck, peer = (
        job("stuck", {"containers": [work, traditional]}),
        job("peer", {"initContainers": [gated], "containers": [work]}),
    )
    assert len(errors("never-ending-job", stuck)) == 1
    assert errors("never-ending-job", peer) == []

    namespace.apply([stuck, peer])
    namespace.wait("job/peer", complete(), within=60)
    reference = namespace.pod_of("job/stuck")
    namespace.wait(reference, terminated("work", 0) & running("sidecar"), within=60)
    assert "completionTime" not in namespace.get("job/stuck")["status"]
