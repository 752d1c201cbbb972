"""Entries of the init sequence that need something from a later one."""

from __future__ import annotations

import pytest

from sidecarlib.model.wait_for import WaitFor
from sidecarlib.rules.frame.severity import Confidence, Severity
from tests.rules.startup.pods import Fields, container, found, scratch, shell, sidecar

RULE = "consumer-before-provider"
PROXY = sidecar("name: proxy, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}")
AGENT = sidecar("name: agent, volumeMounts: [{name: secrets, mountPath: /secrets}]")


def reading(text: str, *, gated: bool = True) -> Fields:
    """A sidecar that reads from the agent's volume, with a startup gate or without."""
    probe = ", startupProbe: {tcpSocket: {port: 1}}" if gated else ""
    mount = "volumeMounts: [{name: secrets, mountPath: /secrets, readOnly: true}]"
    return sidecar(f"name: reader, {mount}, ports: [{{containerPort: 1}}], {text}{probe}")


class TestGates:
    """What waits can never pass."""

    def test_a_gate_in_front_of_its_sidecar_is_an_error(self) -> None:
        """Certain where nothing else runs that could answer, likely beside another sidecar."""
        gate = container("name: gate") | {"command": list(WaitFor.tcp(port=5432).script())}
        (finding,) = found(RULE, gate, PROXY)
        assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.CERTAIN)
        (finding,) = found(RULE, sidecar("name: other"), gate, PROXY)
        assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.LIKELY)
        assert not found(RULE, PROXY, gate)

    def test_a_loop_for_a_later_sidecars_file_is_an_error(self) -> None:
        """The volume is empty until the agent runs."""
        gate = shell("gate", "until test -e /s/key; do sleep 1; done", "volumeMounts: [{name: secrets, mountPath: /s}]")
        (finding,) = found(RULE, gate, AGENT, volumes=scratch("secrets"))
        assert finding.severity is Severity.ERROR
        assert "agent" in finding.what

    def test_a_startup_probe_that_asks_a_later_sidecar_is_an_error(self) -> None:
        """It never passes, and the later one waits for it."""
        (finding,) = found(RULE, sidecar("name: first, startupProbe: {tcpSocket: {port: 5432}}"), PROXY)
        assert (finding.severity, finding.container) == (Severity.ERROR, "first")


class TestFiles:
    """Files on a volume to which only later containers write."""

    @pytest.mark.parametrize(
        "words",
        [
            "args: ['--credentials-file=/secrets/key.json']",
            "args: ['--credentials-file', '/secrets/key.json']",
            "args: ['--config=file:/secrets/config.yaml']",
            "command: [server, '-tls-cert=/secrets/tls.crt']",
        ],
    )
    def test_a_gated_sidecar_that_reads_them_never_starts(self, words: str) -> None:
        """It ends at once, and its provider is never started; behind its provider it is fine."""
        (finding,) = found(RULE, reading(words), AGENT, volumes=scratch("secrets"))
        assert finding.severity is Severity.ERROR
        assert not found(RULE, AGENT, reading(words), volumes=scratch("secrets"))

    def test_without_a_gate_it_is_tried_again_until_they_are_there(self) -> None:
        """A warning, as is a file that a variable names: not every program reads it at its start."""
        flag = "args: ['--credentials-file=/secrets/key.json']"
        variable = "env: [{name: GOOGLE_APPLICATION_CREDENTIALS, value: /secrets/key.json}]"
        for text, gated in ((flag, False), (variable, True)):
            (finding,) = found(RULE, reading(text, gated=gated), AGENT, volumes=scratch("secrets"))
            assert finding.severity is Severity.WARNING

    @pytest.mark.parametrize(
        "words",
        [
            "args: ['--output=/secrets/result']",
            "args: ['--config=/etc/config.yaml']",
            "args: ['--log-level=/secrets']",
            "args: ['/secrets/key.json']",
        ],
    )
    def test_files_that_are_written_or_lie_elsewhere_are_left_alone(self, words: str) -> None:
        """Only flags that name an input count, and only on that volume."""
        assert not found(RULE, reading(words), AGENT, volumes=scratch("secrets"))

    def test_a_program_may_write_its_own_certificate(self) -> None:
        """With the volume mounted for writing; credentials it reads all the same."""
        mount = "volumeMounts: [{name: secrets, mountPath: /secrets}], startupProbe: {tcpSocket: {port: 1}}"
        made = sidecar(f"name: first, args: ['--tls-cert=/secrets/tls.crt'], {mount}")
        assert not found(RULE, made, AGENT, volumes=scratch("secrets"))
        read = sidecar(f"name: first, args: ['--credentials-file=/secrets/key.json'], {mount}")
        assert len(found(RULE, read, AGENT, volumes=scratch("secrets"))) == 1

    def test_a_secret_is_there_from_the_start(self) -> None:
        """Only an emptyDir is sure to be empty."""
        volumes = [{"name": "secrets", "secret": {"secretName": "key"}}]
        assert not found(RULE, reading("args: ['--credentials-file=/secrets/key.json']"), AGENT, volumes=volumes)


class TestAddresses:
    """Addresses on loopback where nothing listens yet."""

    @pytest.mark.parametrize(
        "text",
        [
            "env: [{name: DATABASE_URL, value: 'postgres://app:x@localhost:5432/app'}]",
            "env: [{name: DATABASE_URL, value: 'postgresql+psycopg2://127.0.0.1/app'}]",
            "env: [{name: DB_HOST, value: 127.0.0.1}, {name: DB_PORT, value: '5432'}]",
            "args: ['--database=tcp(127.0.0.1:5432)/app']",
            "command: [sh, -c, 'psql -h 127.0.0.1 -p 5432 -c \"select 1\"']",
        ],
    )
    def test_a_plain_init_container_in_front_is_a_warning(self, text: str) -> None:
        """It fails if it connects, which the manifest does not say; behind its provider it is fine."""
        migrate = container(f"name: migrate, {text}")
        (finding,) = found(RULE, migrate, PROXY)
        assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)
        assert not found(RULE, PROXY, migrate)

    def test_a_password_in_an_address_is_not_repeated(self) -> None:
        """Findings end up in logs."""
        migrate = container(
            "name: migrate, env: [{name: DATABASE_URL, value: 'postgres://app:sesame@localhost:5432/app'}]"
        )
        (finding,) = found(RULE, migrate, PROXY)
        assert "DATABASE_URL" in finding.what
        assert "sesame" not in str(finding)

    def test_a_traditional_proxy_comes_too_late_for_a_migration(self) -> None:
        """It is a main container, known by its image and told its port, declared or not."""
        migrate = container("name: migrate, env: [{name: DB_URL, value: 'postgres://127.0.0.1:5432/app'}]")
        proxy = container(
            "name: proxy, image: 'gcr.io/cloudsql-docker/gce-proxy:1.33', command: [/cloud_sql_proxy, '-instances=p:r:i=tcp:5432']"
        )
        (finding,) = found(RULE, migrate, mains=(container("name: app"), proxy))
        assert "proxy" in finding.what

    def test_a_variable_with_the_applications_own_address_is_left_alone(self) -> None:
        """Charts give all containers the same variables."""
        app = container("name: app, ports: [{containerPort: 8080}]")
        assert not found(
            RULE, container("name: chown, env: [{name: URL, value: 'http://localhost:8080'}]"), mains=(app,)
        )

    def test_an_earlier_sidecar_that_is_gated_may_need_it(self) -> None:
        """Possible, no more; ungated, or with the application as its upstream, it is as it should be."""
        text = "name: first, ports: [{containerPort: 1}], args: ['--upstream=127.0.0.1:5432']"
        (finding,) = found(RULE, sidecar(f"{text}, startupProbe: {{tcpSocket: {{port: 1}}}}"), PROXY)
        assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.POSSIBLE)
        assert not found(RULE, sidecar(text), PROXY)
        app = container("name: app, ports: [{containerPort: 5432}]")
        assert not found(RULE, sidecar(f"{text}, startupProbe: {{tcpSocket: {{port: 1}}}}"), mains=(app,))

    def test_its_own_port_is_no_reference(self) -> None:
        """What it declares or listens on itself."""
        for text in ("ports: [{containerPort: 5432}]", "args: ['--listen=127.0.0.1:5432']"):
            first = container(f"name: first, env: [{{name: URL, value: 'http://127.0.0.1:5432'}}], {text}")
            assert not found(RULE, first, PROXY)

    def test_a_server_that_it_starts_for_itself_is_no_reference(self) -> None:
        """A database is often prepared by an init container that runs it for a while."""
        script = "mysqld & sleep 5; mysql -h 127.0.0.1 -P 5432 < /init.sql; kill %1"
        assert not found(RULE, shell("prepare", script), PROXY)

    def test_on_the_nodes_network_anybody_may_listen(self) -> None:
        """The port may be one of the node's."""
        migrate = container("name: migrate, env: [{name: DB_URL, value: 'postgres://127.0.0.1:5432/app'}]")
        assert not found(RULE, migrate, PROXY, hostNetwork=True)
