"""What the program itself makes of the arguments, where a `cloud-sql-proxy` is at hand; it needs no network for that."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sidecarlib import CloudSqlInstance, CloudSqlProxySidecar
from tests.sidecars.cloud_sql.proxies import proxy

PROGRAM = shutil.which("cloud-sql-proxy") or ""
pytestmark = pytest.mark.skipif(not PROGRAM, reason="needs the program cloud-sql-proxy on PATH")
TOKEN = {"CSQL_PROXY_TOKEN": "x", "CSQL_PROXY_SQLADMIN_API_ENDPOINT": "http://127.0.0.1:9/"}
DEADLINE_SECONDS = 10


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens on, in rising order."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return sorted(each.getsockname()[1] for each in sockets)


@contextlib.contextmanager
def running(sidecar: CloudSqlProxySidecar) -> Iterator[subprocess.Popen[bytes]]:
    """The program with a sidecar's arguments; killed at the end if it lives."""
    command = [PROGRAM, *sidecar.container().args]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=TOKEN) as process:
        try:
            yield process
        finally:
            process.kill()


def has_started(process: subprocess.Popen[bytes], health_port: int) -> bool:
    """Whether /startup answers 200 in time."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{health_port}/startup", timeout=1):
            return True
        time.sleep(0.05)  # between two tries
    return False


def is_served(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"private_ip": True, "lazy_refresh": True, "max_connections": 5, "quota_project": "q"},
        {"psc": True, "quiet": True, "debug_logs": True, "structured_logs": False},
        {"auto_ip": True, "impersonate_service_account": ["a@p.example", "b@p.example"]},
        {"prometheus": True, "prometheus_namespace": "sql", "debug": True},
        {"builtin_metrics": True, "max_sigterm_delay": 1},
        {"extra_args": ["--skip-failed-instance-config", "--quitquitquit", "--user-agent=x"]},
    ],
)
def test_it_starts_binds_what_is_declared_and_stops_in_time(options: dict[str, Any]) -> None:
    """Every flag is known to it, every port is where `env()` and the manifest say, and it exits with 0."""
    first, own, health, admin = free_ports(4)
    several: Sequence[str | CloudSqlInstance] = ["p:r:i", CloudSqlInstance(name="db.example.com", port=own)]
    sidecar = proxy(*several, port=first, health_port=health, admin_port=admin, **options)
    with running(sidecar) as process:
        assert has_started(process, health)
        declared = [port["containerPort"] for port in sidecar.container().render()["ports"]]
        assert [port for port in declared if not is_served(port)] == []
        assert is_served(admin) == (admin in declared)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=(sidecar.stops_within or 0) + 1) == 0


def test_it_exits_with_143_when_told_so() -> None:
    """The switch of `exit_zero_on_sigterm`."""
    first, health = free_ports(2)
    sidecar = proxy(port=first, health_port=health, exit_zero_on_sigterm=False)
    with running(sidecar) as process:
        assert has_started(process, health)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=DEADLINE_SECONDS) == 143


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--private-ip", "--psc"], {}),
        (["--private-ip", "--auto-ip"], {}),
        (["--unix-socket=/x", "--port=1"], {}),
        (["--auto-iam-authn"], {}),
        (["--login-token=x"], {}),
        (["--gcloud-auth"], {}),
        (["--universe-domain=example.com"], {}),
        (["--lazy-refreshing"], {}),
        ([], {"CSQL_PROXY_JSON_CREDENTIALS": "{}"}),
    ],
)
def test_it_refuses_what_the_sidecar_refuses(arguments: list[str], environment: dict[str, str]) -> None:
    """So what is accepted above has been looked at."""
    command = [PROGRAM, *arguments, "p:r:i"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**TOKEN, **environment}, timeout=9)
    assert done.returncode == 1
    assert "Error:" in done.stdout + done.stderr
