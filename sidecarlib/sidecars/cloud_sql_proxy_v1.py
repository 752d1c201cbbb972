"""Cloud SQL Auth Proxy, version 1: recognised in manifests, not offered. Version 2 has other flags and another image.

Checked with the source of 1.31 (cmd/cloud_sql_proxy/proxy.go).
https://github.com/GoogleCloudPlatform/cloud-sql-proxy/blob/main/migration-guide.md
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.sidecars.frame.product import Product

_INSTANCES = ("-instances", "--instances")


def loopback_ports(container: ContainerView) -> frozenset[int]:
    """The ports of instances written as `name=tcp:port`: without a host they are on 127.0.0.1."""
    return frozenset(port for instance in _instances(container) if (port := _loopback_port(instance)) is not None)


def _instances(container: ContainerView) -> Iterator[str]:
    words = [part.strip("'\"") for word in container.invocation for part in word.split()]
    listed = False
    for word, following in pairwise([*words, ""]):
        flag, separator, value = word.partition("=")
        if flag in _INSTANCES:
            listed = True
            yield from (value if separator else following).split(",")
    if not listed:
        yield from container.literal_env.get("INSTANCES", "").split(",")


def _loopback_port(instance: str) -> int | None:
    network, *address = instance.partition("=")[2].split(":")
    if network not in {"tcp", "tcp4", "tcp6"} or not address or not address[-1].isdecimal():
        return None
    host = address[0] if len(address) > 1 else "127.0.0.1"
    return int(address[-1]) if host == "localhost" or host.startswith("127.") else None


PRODUCT = Product(
    name="Cloud SQL Auth Proxy, version 1",
    repositories=("cloudsql-docker/gce-proxy",),
    loopback_ports=loopback_ports,
)
