"""Quantities leave sidecarlib in the form in which the API server writes them, so that nothing differs afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecarlib import Resources, Volume, VolumeClaimTemplate
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.api import Json
from tests.cluster.kubernetes.namespace import Namespace
from tests.strategies.quantities import unusual, usual

WRITTEN = (
    *("1000m", "100m", "0.5", ".5", "1.0", "2000m", "1500m", "1", "0", "0m", "0.0", "1000", "1024", "1000k"),
    *(
        "1024Mi",
        "1000Mi",
        "1.5Gi",
        "1536Mi",
        "1048576Ki",
        "0.1Ki",
        "62.5Ki",
        "0Gi",
        "500000u",
        "1000000u",
        "1e3",
        "12e6",
        "1e10",
    ),
    *("8E", "1536E", "100000Ei", "9223372036854775807"),
)
BEYOND_THOUSANDTHS = ("1n", "100u", "1500u", "0.0001", "12.34567890123", "1e-6", "0.1u")


def stored(namespace: Namespace, manifest: Json) -> Json:
    """The object as the API server would store it."""
    resource = namespace.discovery.of_object(manifest["apiVersion"], manifest["kind"])
    query = {"dryRun": "All", "fieldValidation": "Strict"}
    return namespace.api.call("POST", resource.path(namespace.name), query, manifest).json()


def pod(**fields: object) -> Json:
    """A Pod of which only these fields matter."""
    spec = {"containers": [{"name": "main", "image": BUSYBOX}], **fields}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "quantities"}, "spec": spec}


def size_limits(namespace: Namespace, written: Sequence[str]) -> list[str]:
    """Quantities as the API server writes them where it does not round: as sizes of volumes."""
    volumes = [{"name": f"v{number}", "emptyDir": {"sizeLimit": text}} for number, text in enumerate(written)]
    found = {each["name"]: each for each in stored(namespace, pod(volumes=volumes))["spec"]["volumes"]}
    return [found[volume["name"]]["emptyDir"]["sizeLimit"] for volume in volumes]


def limits(namespace: Namespace, written: Sequence[str]) -> list[str]:
    """The same as limits of containers."""
    containers = [
        {"name": f"c{number}", "image": BUSYBOX, "resources": {"limits": {"memory": text}}}
        for number, text in enumerate(written)
    ]
    found = stored(namespace, pod(containers=containers))["spec"]["containers"]
    return [each["resources"]["limits"]["memory"] for each in found]


def size_limits_of_ours(written: Sequence[str]) -> list[str]:
    """The sizes that sidecarlib writes."""
    return [Volume.empty_dir("v", size_limit=text).render()["emptyDir"]["sizeLimit"] for text in written]


def limits_of_ours(written: Sequence[str]) -> list[str]:
    """The limits that sidecarlib writes."""
    return [Resources(limits={"memory": text}).limits["memory"] for text in written]


def test_the_usual_ones_are_written_as_the_api_server_writes_them(shared_namespace: Namespace) -> None:
    """A table of sizes and limits, decimal and binary, large and small: both write each in the same way."""
    assert size_limits_of_ours(WRITTEN) == size_limits(shared_namespace, WRITTEN)
    assert limits_of_ours(WRITTEN) == limits(shared_namespace, WRITTEN)


def test_requests_and_limits_are_rounded_up_to_thousandths(shared_namespace: Namespace) -> None:
    """What is finer than a thousandth is rounded up where the API server rounds it up, and nowhere else."""
    assert limits_of_ours(BEYOND_THOUSANDTHS) == limits(shared_namespace, BEYOND_THOUSANDTHS)
    assert size_limits_of_ours(BEYOND_THOUSANDTHS) == size_limits(shared_namespace, BEYOND_THOUSANDTHS)


@settings(max_examples=30)
@given(written=st.lists(usual(), min_size=1, max_size=50))
def test_random_ones_are_written_as_the_api_server_writes_them(shared_namespace: Namespace, written: list[str]) -> None:
    """The same for any number with or without a fraction, and any suffix."""
    assert size_limits_of_ours(written) == size_limits(shared_namespace, written)
    assert limits_of_ours(written) == limits(shared_namespace, written)


@settings(max_examples=30)
@given(written=st.lists(unusual(), min_size=1, max_size=50))
def test_what_sidecarlib_writes_comes_back_unchanged(shared_namespace: Namespace, written: list[str]) -> None:
    """However oddly a quantity is spelled, sidecarlib's spelling of it is one that the API server keeps."""
    ours = size_limits_of_ours(written)
    assert size_limits(shared_namespace, ours) == ours
    ours = limits_of_ours(written)
    assert limits(shared_namespace, ours) == ours


@pytest.mark.parametrize("storage", ["1024Mi", "1.5Gi", "1e9", "0.5", "1u"])
def test_the_storage_of_a_claim_comes_back_unchanged(shared_namespace: Namespace, storage: str) -> None:
    """The claims of a StatefulSet too."""
    claim = VolumeClaimTemplate(name="data", storage=storage).render()
    found = stored(shared_namespace, {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim})
    assert found["spec"]["resources"] == claim["spec"]["resources"]
