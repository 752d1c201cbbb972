"""Options of the Vault agent."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sidecarlib import (
    VaultAppRoleAuth,
    VaultJwtAuth,
    VaultKubernetesAuth,
    VaultSink,
    VaultTemplate,
    VaultTls,
)
from tests.strategies.containers import Surroundings
from tests.strategies.words import some_of

CONTENTS = '{{ with secret "secret/data/db" }}{{ .Data.data.ü }}{{ end }}\n'
LOGINS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"role": "app"},
        {"auth": VaultKubernetesAuth(role="app", audience="vault", token_expiration_seconds=600)},
        {"auth": VaultJwtAuth(role="app", namespace="team", audience="vault")},
        {"auth": VaultAppRoleAuth(secret="approle")},
        {"auth": VaultAppRoleAuth(secret="approle", secret_id_key=None)},
    ]
)
TEMPLATES = st.sampled_from(
    [
        CONTENTS,
        VaultTemplate(contents=CONTENTS, perms="0600"),
        VaultTemplate(contents=CONTENTS, command=["kill", "-HUP", "1"], error_fatal=True),
    ]
)
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "namespace": st.just("team/app"),
    "tls": st.just(VaultTls(ca_config_map="vault-ca")),
    "client_timeout": st.just("30s"),
    "static_secret_render_interval": st.sampled_from(["5s", "1h30m"]),
    "max_backoff": st.just("30s"),
    "min_backoff": st.just("2s"),
    "max_retries": st.integers(0, 5),
    "exit_on_retry_failure": st.booleans(),
    "exit_on_err": st.booleans(),
    "sink": st.just(VaultSink()),
    "listener_port": st.integers(8200, 8210),
    "cache": st.booleans(),
    "log_level": st.sampled_from(["trace", "error"]),
    "log_format": st.sampled_from(["standard", "json"]),
    "secrets_directory": st.just("/run/secrets/app"),
    "secrets_size_limit": st.none() | st.sampled_from(["1Mi", "1.5Mi"]),
}


@st.composite
def vault_options(draw: st.DrawFn, around: Surroundings) -> dict[str, Any]:
    """A login, files, and some of the settings."""
    names = st.sampled_from(["db", "app.env", "deep/er/file", f"{around.name[:20]}.json"])
    return {
        "address": draw(st.sampled_from(["https://vault.example.com:8200", "http://10.0.0.1:8200/v"])),
        "files": draw(st.dictionaries(names, TEMPLATES, min_size=1, max_size=3)),
        **draw(LOGINS),
        **draw(some_of(OPTIONS)),
    }
