"""Options of the Cloud SQL proxy."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sidecarlib import CloudSqlInstance, VaultAgentSidecar
from tests.strategies.containers import Surroundings
from tests.strategies.words import some_of

NAMES = ("project:region:one", "example.com:project:region:two", "db.example.com", "project:region:three")
ROUTES = st.sampled_from([{}, {"private_ip": True}, {"psc": True}, {"auto_ip": True}])
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "port": st.integers(5000, 5100),
    "auto_iam_authn": st.booleans(),
    "impersonate_service_account": st.sampled_from(["a@p.iam.gserviceaccount.com"]),
    "health_port": st.integers(9801, 9810),
    "exit_zero_on_sigterm": st.booleans(),
    "min_sigterm_delay": st.integers(0, 5),
    "max_sigterm_delay": st.integers(0, 5),
    "quota_project": st.just("quota-project"),
    "max_connections": st.integers(1, 100),
    "run_connection_test": st.booleans(),
    "lazy_refresh": st.booleans(),
    "structured_logs": st.booleans(),
    "quiet": st.booleans(),
    "builtin_metrics": st.booleans(),
    "prometheus": st.booleans(),
    "telemetry_project": st.just("project"),
    "debug": st.booleans(),
}


@st.composite
def cloud_sql_options(draw: st.DrawFn, around: Surroundings) -> dict[str, Any]:
    """Instances by port or socket, and some of the flags; credentials that an agent before it renders, where there is one."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=3))
    options: dict[str, Any] = {**draw(some_of(OPTIONS, most=6)), **draw(ROUTES)}
    options["instances"] = [
        draw(st.just(name) | st.just(CloudSqlInstance(name=name, port=6000 + number)))
        for number, name in enumerate(names)
    ]
    if draw(st.booleans()):
        options["unix_socket"] = "/cloudsql"
    agents = [sidecar for sidecar in around.sidecars if isinstance(sidecar, VaultAgentSidecar)]
    if agents and agents[0].files.templates and draw(st.booleans()):
        options["credentials_file"] = agents[0].file(next(iter(agents[0].files.templates)))
    return options
