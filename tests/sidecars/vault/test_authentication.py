"""How an agent logs in."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import InvalidValueError, RenderedFile, VaultAppRoleAuth, VaultJwtAuth, VaultKubernetesAuth, Volume
from tests.sidecars.vault.agents import agent, configured, volumes

# ruff: noqa: S105 - names and paths of credentials, never one of them

TOKEN = "/var/run/secrets/vault/token"


def method(auth: Any) -> Any:
    """The login as the agent's configuration has it."""
    return configured(agent(auth=auth))["auto_auth"]["method"][0]


class TestKubernetes:
    """A token of the Pod's service account, which Vault shows to the API server."""

    def test_the_audience_is_that_of_the_api_server_unless_one_is_asked_for(self) -> None:
        """A Vault role without an audience takes no other."""
        found = []
        for audience in (None, "vault"):
            login = VaultKubernetesAuth(role="app", audience=audience, token_expiration_seconds=600)
            (source,) = volumes(agent(auth=login))["/var/run/secrets/vault"]["projected"]["sources"]
            found.append(source["serviceAccountToken"])
        assert found == [
            {"expirationSeconds": 600, "path": "token"},
            {"audience": "vault", "expirationSeconds": 600, "path": "token"},
        ]

    def test_where_it_is_mounted_in_vault(self) -> None:
        """A cluster of many has its own mount, perhaps in a namespace of its own."""
        found = method(VaultKubernetesAuth(role="app", mount_path="auth/kubernetes/eu", namespace="admin"))
        assert (found["type"], found["mount_path"], found["namespace"]) == ("kubernetes", "auth/kubernetes/eu", "admin")

    def test_a_token_of_somebody_else(self) -> None:
        """Then none is projected."""
        file = RenderedFile(path="/t/token", directory="/t", volume=Volume.empty_dir("t"))
        login = VaultKubernetesAuth(role="app", token_file=file)
        assert method(login)["config"] == {"role": "app", "token_path": "/t/token"}
        assert set(volumes(agent(auth=login))) == {"/vault/secrets", "/t"}


class TestJwt:
    """Any JWT, of the service account unless told otherwise."""

    def test_the_token_stays_where_it_is(self) -> None:
        """Left alone, the agent deletes what it has read, which a read-only volume does not allow."""
        found = method(VaultJwtAuth(role="app"))
        assert (found["type"], found["mount_path"]) == ("jwt", "auth/jwt")
        assert found["config"] == {"role": "app", "path": TOKEN, "remove_jwt_after_reading": False}

    def test_its_audience(self) -> None:
        """The Vault role names it in bound_audiences."""
        found = volumes(agent(auth=VaultJwtAuth(role="app", audience="vault")))["/var/run/secrets/vault"]
        assert found["projected"]["sources"][0]["serviceAccountToken"]["audience"] == "vault"


class TestAppRole:
    """Ids out of files."""

    def test_the_ids_come_from_a_secret(self) -> None:
        """Its keys become files, read-only, that the agent leaves in place."""
        login = VaultAppRoleAuth(secret="app.ids", role_id_key="role", secret_id_key="secret")
        assert method(login) == {
            "type": "approle",
            "mount_path": "auth/approle",
            "max_backoff": "10s",
            "config": {
                "role_id_file_path": "/var/run/secrets/vault-approle/role-id",
                "secret_id_file_path": "/var/run/secrets/vault-approle/secret-id",
                "remove_secret_id_file_after_reading": False,
            },
        }
        items = [{"key": "role", "path": "role-id"}, {"key": "secret", "path": "secret-id"}]
        secret = {"secretName": "app.ids", "items": items}
        found = volumes(agent(auth=login))["/var/run/secrets/vault-approle"]
        assert found == {"name": "vault-agent-approle", "secret": secret}

    def test_a_role_without_secret_ids(self) -> None:
        """`bind_secret_id=false` in Vault."""
        found = method(VaultAppRoleAuth(secret="ids", secret_id_key=None))
        assert found["config"] == {"role_id_file_path": "/var/run/secrets/vault-approle/role-id"}

    def test_files_of_ones_own_and_a_wrapped_secret_id(self) -> None:
        """The role id may be public, and the secret id delivered by something else."""
        volume = Volume.secret("ids", secret="ids")
        role_id, secret_id = (RenderedFile(path=f"/ids/{name}", directory="/ids", volume=volume) for name in ("r", "s"))
        creation = "auth/approle/role/app/secret-id"
        login = VaultAppRoleAuth(role_id_file=role_id, secret_id_file=secret_id, secret_id_wrapping_path=creation)
        assert method(login)["config"] == {
            "role_id_file_path": "/ids/r",
            "secret_id_file_path": "/ids/s",
            "remove_secret_id_file_after_reading": False,
            "secret_id_response_wrapping_path": creation,
        }
        assert "/ids" in volumes(agent(auth=login))


@pytest.mark.parametrize(
    ("make", "options", "text"),
    [
        (VaultKubernetesAuth, {"role": ""}, "'' is empty @ VaultKubernetesAuth, role"),
        (VaultKubernetesAuth, {"role": "a", "mount_path": "kubernetes"}, "write the whole path"),
        (VaultKubernetesAuth, {"role": "a", "mount_path": "auth/kubernetes/"}, "invalid mount_path"),
        (VaultKubernetesAuth, {"role": "a", "token_expiration_seconds": 599}, "from 600"),
        (VaultKubernetesAuth, {"role": "a", "token_file": "/t/x", "audience": "vault"}, "leave it or token_file out"),
        (VaultKubernetesAuth, {"role": "a", "audience": ""}, "'' is empty"),
        (VaultJwtAuth, {"role": "a", "namespace": ""}, "'' is empty"),
        (VaultAppRoleAuth, {}, "not exactly one source of the ids"),
        (VaultAppRoleAuth, {"secret": "ids", "role_id_file": "/x"}, "not exactly one source of the ids"),
        (VaultAppRoleAuth, {"secret": "ids", "secret_id_file": "/x"}, "two sources of the secret id"),
        (VaultAppRoleAuth, {"secret": "my ids"}, "invalid secret 'my ids'"),
        (VaultAppRoleAuth, {"secret": "ids", "role_id_key": "a/b"}, "invalid role_id_key"),
    ],
)
def test_a_mistake_is_told(make: Any, options: dict[str, Any], text: str) -> None:
    """The value, where it is, and what to write."""
    with pytest.raises(InvalidValueError) as caught:
        make(**options)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (VaultAppRoleAuth, {"role_id_file": "/r", "secret_id_file": "5f7c2c3e-8a0d"}),
        (VaultAppRoleAuth, {"role_id_file": "5f7c2c3e-8a0d"}),
        (VaultJwtAuth, {"role": "a", "token_file": "5f7c2c3e-8a0d"}),
    ],
)
def test_a_credential_in_place_of_its_file_is_not_repeated(make: Any, options: dict[str, Any]) -> None:
    """The error says where to keep it, and does not print it into a log."""
    with pytest.raises(InvalidValueError, match="keep the credential in a Secret") as caught:
        make(**options)
    assert "5f7c2c3e" not in str(caught.value)
