"""What a hand-written container of the Cloud SQL Auth Proxy tells about its ports."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.sidecars.cloud_sql_proxy import PRODUCT

IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.8.0"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound here
HEALTH = ["--health-check", f"--http-address={EVERYWHERE}"]


def on_loopback(*args: str, **spec: Any) -> set[int]:
    """The ports that a container with these arguments binds to loopback."""
    pod = PodView({"containers": [{"name": "sql", "image": IMAGE, "args": list(args), **spec}]})
    return set(PRODUCT.loopback_ports(next(iter(pod.mains()))))


class TestDatabasePorts:
    """Where the instances are served."""

    @pytest.mark.parametrize(
        ("args", "expected"),
        [
            (["--structured-logs", "--port=5432", "p:r:i"], {5432}),
            (["--port", "6000", "p:r:i", "p:r:j"], {6000, 6001}),
            (["-p6000", "p:r:i"], {6000}),
            (["-lip", "6000", "p:r:i"], {6000}),
            (["p:r:i?port=7000"], {7000}),
            (["--port=6000", "p:r:i", "p:r:j?port=7000", "p:r:k"], {6000, 6001, 7000}),
            (["--port=5432", "--address=0.0.0.0", "p:r:i"], set()),
            (["--port=5432", "-a", "::1", "p:r:i"], {5432}),
            (["--port=5432", "p:r:i?address=0.0.0.0", "p:r:j"], {5433}),
            (["--port=5432", "--port=6000", "p:r:i"], {6000}),
            (["--unix-socket=/cloudsql", "p:r:i"], set()),
            (["--unix-socket=/cloudsql", "p:r:i?port=5432"], {5432}),
            (["--port=5432", "p:r:i?unix-socket=/cloudsql", "p:r:j?unix-socket-path=/x/y"], set()),
            (["--fuse=/x", "--port=5432", "p:r:i"], set()),
            (["--port=$PORT", "p:r:i"], set()),
            (["--port=abc", "p:r:i"], set()),
        ],
    )
    def test_they_are_on_127_0_0_1_unless_told_otherwise(self, args: list[str], expected: set[int]) -> None:
        """The flags as the proxy reads them: the last one counts, and an instance's own options win."""
        assert on_loopback(*args) == expected

    def test_without_a_port_it_is_one_of_the_engines(self) -> None:
        """The proxy asks Google which; wherever it is, it is on loopback."""
        assert on_loopback("p:r:i") == {5432, 3306, 1433}
        assert on_loopback("p:r:i", "p:r:j") >= {5432, 5433}

    def test_the_whole_command_may_be_written_out(self) -> None:
        """In place of the image's entrypoint, by itself or in a shell."""
        command = ["/cloud-sql-proxy", "--credentials-file=/secrets/key", "p:r:i"]
        assert 5432 in on_loopback(command=command)
        shell = ["sh", "-c", "exec /cloud-sql-proxy --port=6000 'p:r:i' & wait; sleep 9090"]
        assert on_loopback(command=shell) == {6000}

    @pytest.mark.parametrize(
        "command",
        [["/my-entrypoint"], ["/cloud-sql-proxy", "wait"], ["/cloud-sql-proxy", "shutdown", "--admin-port=1"]],
    )
    def test_nothing_is_claimed_about_another_program_or_a_command_that_ends(self, command: list[str]) -> None:
        """A wrapper may set anything."""
        assert on_loopback("--debug", command=command) == set()


class TestVariables:
    """Settings in the environment."""

    def test_variables_count_behind_flags(self) -> None:
        """As Google's examples for health checks are written."""
        env = [
            {"name": "CSQL_PROXY_PORT", "value": "6000"},
            {"name": "CSQL_PROXY_HEALTH_CHECK", "value": "true"},
            {"name": "CSQL_PROXY_HTTP_PORT", "value": "9801"},
        ]
        assert on_loopback("p:r:i", env=env) == {6000, 9801}
        assert on_loopback("--port=7000", "--http-address=0.0.0.0", "p:r:i", env=env) == {7000}
        reachable = [*env, {"name": "CSQL_PROXY_HTTP_ADDRESS", "value": EVERYWHERE}]
        assert on_loopback("p:r:i", env=reachable) == {6000}
        open_database = [*env, {"name": "CSQL_PROXY_ADDRESS", "value": EVERYWHERE}]
        assert on_loopback("p:r:i", env=open_database) == {9801}

    def test_references_to_variables_are_followed(self) -> None:
        """The kubelet fills in $(NAME) before the proxy starts."""
        assert on_loopback("--port=$(PORT)", "p:r:i", env=[{"name": "PORT", "value": "6000"}]) == {6000}
        assert on_loopback("--port=$(PORT)", "p:r:i") == set()
        assert on_loopback("--port=5432", "$(INSTANCE)") == {5432}

    def test_instances_may_stand_in_variables(self) -> None:
        """Each of them, also from a Secret."""
        env = [
            {"name": "CSQL_PROXY_INSTANCE_CONNECTION_NAME_0", "value": "p:r:i"},
            {"name": "CSQL_PROXY_INSTANCE_CONNECTION_NAME_1", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}},
        ]
        assert on_loopback("--port=6000", env=env) == {6000, 6001}

    def test_what_is_not_known_leads_to_no_claim(self) -> None:
        """A Secret, a ConfigMap or a file may say anything that no flag says."""
        secret = [{"name": "CSQL_PROXY_ADDRESS", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]
        assert on_loopback("--port=5432", "p:r:i", env=secret) == set()
        assert on_loopback("--port=5432", "p:r:i", envFrom=[{"configMapRef": {"name": "a"}}]) == set()
        assert on_loopback("--port=5432", "--config-file=/x.toml", "p:r:i") == set()
        assert on_loopback(
            "--port=5432", "--address=127.0.0.1", "p:r:i", "--unix-socket=", "--fuse=", envFrom=[{}]
        ) == {5432}


class TestServerPorts:
    """Health, metrics and administration."""

    @pytest.mark.parametrize(
        ("args", "expected"),
        [
            (["--health-check"], {9090}),
            (["--prometheus"], {9090}),
            (["--health-check", "--http-port=9801"], {9801}),
            (["--health-check", "--http-address=127.0.0.1"], {9090}),
            ([*HEALTH, "--http-port=9801"], set()),
            (["--health-check", "--http-address="], set()),
            (["--health-check=false", "--http-port=9801"], set()),
            (["--http-port=9801"], set()),
            (["--debug"], {9091}),
            ([*HEALTH, "--quitquitquit", "--admin-port=9099"], {9099}),
            (["--admin-port=9099"], set()),
        ],
    )
    def test_the_admin_server_always_is_and_the_health_server_by_default(
        self, args: list[str], expected: set[int]
    ) -> None:
        """Only where something turns them on."""
        assert on_loopback("--port=1", *args, "p:r:i") == {1, *expected}


class TestImage:
    """What is in the image."""

    def test_it_holds_the_proxy_alone(self) -> None:
        """An exec probe of anything else cannot work, unless the variant has a shell."""
        assert PRODUCT.made(IMAGE)
        assert PRODUCT.made("eu.gcr.io/cloud-sql-connectors/cloud-sql-proxy@sha256:" + "0" * 64)
        assert PRODUCT.lacks(IMAGE, "/bin/sh")
        assert not PRODUCT.lacks(IMAGE, "/cloud-sql-proxy")
        assert not PRODUCT.lacks(f"{IMAGE}-alpine", "/bin/sh")
