"""Finding addresses on loopback."""

from __future__ import annotations

import pytest

from sidecarlib.rules.frame.references import asked_ports, loopback_ports


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("http://localhost:8080/x", (8080,)),
        ("postgres://user:word@127.0.0.1:5432/app?sslmode=disable", (5432,)),
        ("user:word@tcp(127.0.0.1:3306)/app", (3306,)),
        ("http://[::1]:9901", (9901,)),
        ("localhost:80,localhost:81,localhost:80", (80, 81)),
        ("http://localhost/metrics", (80,)),
        ("postgresql+asyncpg://app@localhost/app", (5432,)),
        ("jdbc:mysql://127.0.0.1/app", (3306,)),
        ("http://localhost.example.com:8080", ()),
        ("notlocalhost:8080", ()),
        ("10.127.0.0:8080", ()),
        ("http://localhost:99999", ()),
        ("sidecar.127.0.0.1.nip.io:80", ()),
        ("localhost", ()),
        ("NO_PROXY=localhost,127.0.0.1,.svc", ()),
    ],
)
def test_ports_of_loopback_addresses(text: str, ports: tuple[int, ...]) -> None:
    """With the port written down or implied by the scheme, each once; other hosts are none."""
    assert loopback_ports(text) == ports


@pytest.mark.parametrize(
    ("words", "ports"),
    [
        (["nc", "-z", "localhost", "5432"], (5432,)),
        (["nc", "-zv", "-w", "1", "127.0.0.1", "5432"], (5432,)),
        (["pg_isready", "-h", "localhost", "-p", "5433"], (5433,)),
        (["mysqladmin", "ping", "--host=127.0.0.1", "--port=3307"], (3307,)),
        (["redis-cli", "-h127.0.0.1", "-p", "6379", "ping"], (6379,)),
        (["curl", "-sf", "http://127.0.0.1:8080/ready"], (8080,)),
        (["grep", "-qs", ": [0-9A-F]*:1538 [0-9A-F]*:0000 0A", "/proc/net/tcp"], (5432,)),
        (["nc", "-z", "database", "5432"], ()),
        (["curl", "-H", "Host: localhost", "http://10.0.0.1:80"], ()),
    ],
)
def test_ports_that_a_command_asks(words: list[str], ports: tuple[int, ...]) -> None:
    """In the ways of the usual clients, and in the kernel's table of sockets."""
    assert asked_ports(words) == ports
