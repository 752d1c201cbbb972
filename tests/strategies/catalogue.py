"""The products of the catalogue, with any of their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sidecarlib import CloudSqlProxySidecar, OtelSidecar, Probe, Resources, VaultAgentSidecar, WaitFor
from sidecarlib.model.sidecar import Sidecar
from tests.strategies.cloud_sql import cloud_sql_options
from tests.strategies.containers import Surroundings
from tests.strategies.environments import environments
from tests.strategies.otel import otel_options
from tests.strategies.vault import vault_options
from tests.strategies.words import some_of

SHARED: dict[str, st.SearchStrategy[Any]] = {
    "image_pull_policy": st.sampled_from(["Always", "IfNotPresent"]),
    "startup_probe": st.sampled_from([Probe.none(because="it is fast"), WaitFor.command(["true"])]),
    "liveness_probe": st.none() | st.just(Probe.tcp(port=9000)),
    "resources": st.just(Resources(requests={"cpu": "0.1"}, limits={"memory": "1.5Gi"})),
    "run_as_user": st.none() | st.integers(1, 70000),
    "extra_env": environments(),
    "extra": st.sampled_from([{}, {"terminationMessagePolicy": "FallbackToLogsOnError"}]),
}


@st.composite
def products(
    draw: st.DrawFn,
    around: Surroundings,
    make: Callable[..., Sidecar],
    own: Callable[[Surroundings], st.SearchStrategy[dict[str, Any]]],
) -> Sidecar:
    """A sidecar of the catalogue with some of the options that all have, and some of its own."""
    options = {**draw(some_of(SHARED, most=3)), **draw(own(around))}
    if around.sidecars:
        options["uses"] = draw(st.lists(st.sampled_from(around.sidecars), unique_by=lambda each: each.name, max_size=1))
    if around.before:
        options["after"] = draw(st.lists(st.sampled_from(around.before), unique=True, max_size=1))
    return make(name=around.name, **options)


CATALOGUE: dict[str, Callable[[Surroundings], st.SearchStrategy[Sidecar]]] = {
    "CloudSqlProxySidecar": lambda around: products(around, CloudSqlProxySidecar, cloud_sql_options),
    "VaultAgentSidecar": lambda around: products(around, VaultAgentSidecar, vault_options),
    "OtelSidecar": lambda around: products(around, OtelSidecar, otel_options),
}
"""By the name of the class."""
