"""The sidecars of the catalogue pass the strictest Pod Security Standard, in whatever way they are configured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    OtelSidecar,
    PodSpec,
    SecurityContext,
    Sidecar,
    VaultAgentSidecar,
)
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.api import Api
from tests.cluster.kubernetes.discovery import Discovery
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects
from tests.strategies.catalogue import CATALOGUE
from tests.strategies.containers import Surroundings

VERSIONS = ("latest", "v1.34", "v1.28")
"""The standard is versioned as well: a namespace may pin an older one."""

VAULT = VaultAgentSidecar(address="https://vault.example.com:8200", role="app", files={"key": "{{ key }}"})
PROXY = CloudSqlProxySidecar(["project:region:instance"], credentials_file=VAULT.file("key"))
OTEL = OtelSidecar(exporters={"otlp_http": {"endpoint": "https://otel.example.com"}})
BARE_PROXY = CloudSqlProxySidecar(["project:region:instance"])


@pytest.fixture(params=VERSIONS)
def restricted(api: Api, discovery: Discovery, request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A namespace that enforces the standard of one version, and warns of what it would refuse."""
    labels = {
        f"pod-security.kubernetes.io/{what}": value
        for mode in ("enforce", "warn")
        for what, value in ((mode, "restricted"), (f"{mode}-version", request.param))
    }
    lent = Namespace.create(api, discovery, "restricted", labels)
    yield lent
    lent.close()


def beside(*sidecars: Sidecar) -> PodSpec:
    """A Pod whose application passes the standard, with these sidecars."""
    app = Container(
        name="app", image=BUSYBOX, security_context=SecurityContext.restricted(run_as_user=65534), uses=sidecars
    )
    return PodSpec(containers=[app], sidecars=sidecars)


def complaints(namespace: Namespace, pod: PodSpec) -> list[str]:
    """What the standard has against the Pod, and against a Deployment of it."""
    asked = [made for kind in ("Pod", "Deployment") for made in objects(kind, "app", pod)]
    verdicts = namespace.dry_run_all(asked)
    refusals = [str(verdict) for verdict in verdicts if not verdict.accepted]
    return refusals + [text for verdict in verdicts for text in verdict.warnings if "PodSecurity" in text]


@pytest.mark.parametrize(
    "sidecars",
    [
        pytest.param([BARE_PROXY], id="cloud-sql-proxy"),
        pytest.param([VAULT], id="vault-agent"),
        pytest.param([OTEL], id="otel-collector"),
        pytest.param([VAULT, PROXY, OTEL], id="all"),
    ],
)
def test_a_restricted_namespace_accepts(sidecars: list[Sidecar], restricted: Namespace) -> None:
    """Each sidecar alone and all of them together: no refusal, no warning, for the standard of any version."""
    assert complaints(restricted, beside(*sidecars)) == []


def test_the_standard_is_enforced(restricted: Namespace) -> None:
    """The same Pod whose application says nothing is refused there, so that silence means something."""
    careless = PodSpec(containers=[Container(name="app", image=BUSYBOX)], sidecars=[OTEL])
    assert len(complaints(restricted, careless)) == 2


@pytest.mark.filterwarnings("ignore::sidecarlib.SidecarlibWarning")
@pytest.mark.parametrize("product", sorted(CATALOGUE))
def test_a_restricted_namespace_accepts_any_options(product: str, restricted_namespace: Namespace) -> None:
    """None of a product's options takes it out of the standard."""

    @settings(max_examples=40)
    @given(CATALOGUE[product](Surroundings(name="sidecar")))
    def accepted(sidecar: Sidecar) -> None:
        assert complaints(restricted_namespace, beside(sidecar)) == []

    accepted()
