"""Version 1 of the Cloud SQL proxy in manifests of anybody."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.sidecars.cloud_sql_proxy_v1 import PRODUCT

IMAGE = "gcr.io/cloudsql-docker/gce-proxy:1.33.1"


def on_loopback(**spec: Any) -> frozenset[int]:
    """The ports that a container of version 1 binds to loopback."""
    pod = PodView({"containers": [{"name": "sql", "image": IMAGE, **spec}]})
    return PRODUCT.loopback_ports(next(iter(pod.mains())))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-instances=p:r:i=tcp:5432"], {5432}),
        (["--instances=p:r:i=tcp:5432"], {5432}),
        (["-instances", "p:r:i=tcp:3306"], {3306}),
        (["-instances=p:r:a=tcp:5432,p:r:b=tcp:127.0.0.1:5433,p:r:c=tcp:0.0.0.0:5434"], {5432, 5433}),
        (["-instances=$(CONNECTION)=tcp:5432"], {5432}),
        (["-dir=/cloudsql", "-instances=p:r:i"], set()),
        (["-instances=p:r:i=unix:sql"], set()),
        (["-instances=p:r:i=tcp:$(PORT)"], set()),
        (["-c", "/cloud_sql_proxy -instances=p:r:i=tcp:3306 &"], {3306}),
        ([], set()),
    ],
)
def test_instances_with_a_port_alone_are_on_loopback(arguments: list[str], expected: set[int]) -> None:
    """`tcp:5432` is 127.0.0.1:5432, which the kubelet cannot reach."""
    assert on_loopback(command=["/cloud_sql_proxy"], args=arguments) == expected


def test_instances_may_stand_in_a_variable() -> None:
    """It counts where no flag names any."""
    env = [{"name": "INSTANCES", "value": "p:r:i=tcp:5432"}]
    assert on_loopback(env=env) == {5432}
    assert on_loopback(env=env, args=["-instances=p:r:i=tcp:5433"]) == {5433}


def test_it_is_recognised_under_every_registry() -> None:
    """Mirrors keep the repository's name."""
    assert PRODUCT.made("eu.gcr.io/cloudsql-docker/gce-proxy:1.16")
    assert not PRODUCT.made("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0")


def test_nothing_is_claimed_about_its_programs() -> None:
    """Old images have a shell, newer ones have none."""
    assert not PRODUCT.lacks(IMAGE, "/bin/sh")
