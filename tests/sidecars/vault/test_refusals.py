"""What no agent can be."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import (
    EnvVar,
    InvalidValueError,
    VaultAgentSidecar,
    VaultAppRoleAuth,
    VaultKubernetesAuth,
    VaultSink,
    VaultTemplate,
    Volume,
    WaitFor,
)
from tests.sidecars.vault.agents import URL, agent, configured, own, problems


class TestRefusals:
    """What is certain to fail, with what to write instead."""

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"address": None}, "no address @ VaultAgentSidecar 'vault-agent', address: write the server's"),
            ({"address": "vault.example.com:8200"}, "invalid address 'vault.example.com:8200'"),
            ({"extra_env": {"VAULT_ADDR": URL}}, "two addresses"),
            ({"role": None}, "no login"),
            ({"role": ""}, "'' is empty @ VaultAgentSidecar 'vault-agent', role"),
            ({"image": "hashicorp/vault:2.0.1"}, "Vault 2.0.1 does not start without the capability IPC_LOCK"),
            ({"image": "mirror.example.com/vault:1.21.6-ubi"}, "Vault 1.21.6 does not start"),
            ({"image": "hashicorp/vault-enterprise:1.20.11-ent"}, "Vault 1.20.11 does not start"),
            ({"image": "hashicorp/vault:1.19.17"}, "Vault 1.19.17 does not start"),
            ({"files": {}}, "nothing to wait for @ VaultAgentSidecar 'vault-agent', files"),
            ({"files": []}, "[] is no mapping"),
            ({"files": {"db": 1}}, "1 is no template"),
            ({"files": {"db": ""}}, "'' is empty @ VaultAgentSidecar 'vault-agent', files['db']"),
            ({"files": {1: "x"}}, "1 is no name of a file"),
            ({"files": {"db": "{{ with secret"}}, "'{{ with secret' is never closed"),
            ({"files": {"../db": "x"}}, "invalid path '/vault/secrets/../db'"),
            ({"files": {"$(HOME)": "x"}}, "invalid path '/vault/secrets/$(HOME)'"),
            ({"files": {"a b": "x"}}, "invalid path '/vault/secrets/a b'"),
            ({"files": {"/etc/db": "x"}}, "'/etc/db' is on the read-only root"),
            (
                {"files": {"a": "x", "b": VaultTemplate(contents="x", destination="a")}},
                "two files at '/vault/secrets/a'",
            ),
            ({"files": {"vault-token": "x"}, "sink": VaultSink()}, "two files at '/vault/secrets/vault-token'"),
            ({"max_backoff": "10"}, "invalid max_backoff '10'"),
            ({"min_backoff": 1}, "1 is not text"),
            ({"client_timeout": "soon"}, "invalid client_timeout 'soon'"),
            ({"static_secret_render_interval": ""}, "'' is empty"),
            ({"max_retries": -1}, "-1 is no whole number"),
            ({"exit_on_err": "yes"}, "'yes' is neither True nor False"),
            ({"cache": 1}, "1 is neither True nor False"),
            ({"listener_port": 0}, "0 is no whole number from 1"),
            ({"use_auto_auth_token": "yes"}, "'yes' is neither True nor False"),
            ({"log_level": "loud"}, "unknown log_level 'loud'"),
            ({"log_format": "xml"}, "unknown log_format 'xml'"),
            ({"namespace": ""}, "'' is empty"),
            ({"secrets_directory": "secrets"}, "invalid secrets_directory 'secrets'"),
            ({"secrets_directory": "/vault/$x"}, "invalid secrets_directory '/vault/$x'"),
            ({"secrets_size_limit": "1 MB"}, "invalid secrets_size_limit '1 MB'"),
            ({"tls": "ca"}, "'ca' is no VaultTls"),
            ({"sink": "token"}, "'token' is no VaultSink"),
            ({"auth": "kubernetes"}, "'kubernetes' is no VaultKubernetesAuth"),
            ({"extra_args": ["-exit-after-auth"]}, "an agent that ends after its login"),
            ({"extra_config": {"exit_after_auth": True}}, "extra_config.exit_after_auth"),
            ({"extra": {"image": "x"}}, "image is set already"),
        ],
    )
    def test_a_mistake_is_told(self, options: dict[str, Any], text: str) -> None:
        """The value, where it is, and what to write."""
        assert text in problems(**options)

    def test_a_token_as_text_is_refused(self) -> None:
        """No secret belongs into a manifest."""
        text = problems(extra_env={"VAULT_TOKEN": "hvs.x"})
        assert 'write EnvVar.secret("VAULT_TOKEN", secret="…", key="…")' in text
        assert "hvs.x" not in text

    def test_a_token_out_of_a_secret_is_not(self) -> None:
        """That is how one is given."""
        agent(extra_env=[EnvVar.secret("VAULT_TOKEN", secret="vault", key="token")])

    def test_a_credential_in_a_configuration_is_refused(self) -> None:
        """Wherever it stands in there."""
        method = {"type": "aws", "config": {"role": "app", "secret_key": "hidden"}}
        with pytest.raises(InvalidValueError) as caught:
            own({"auto_auth": {"method": [method]}, "template": {"destination": "/vault/secrets/x", "contents": "x"}})
        assert "config.auto_auth.method[0].config.secret_key" in str(caught.value)
        assert "hidden" not in str(caught.value)

    def test_a_file_of_the_login_that_nobody_mounts_is_refused(self) -> None:
        """A path alone brings no file."""
        login = VaultAppRoleAuth(role_id_file="/ids/role", secret_id_file="/ids/secret")
        text = problems(auth=login)
        assert "nothing is mounted at '/ids/role'" in text
        assert "auth.secret_id_file" in text
        agent(auth=login, volume_mounts=[Volume.secret("ids", secret="ids").mount("/ids", read_only=True)])

    def test_a_file_in_a_read_only_mount_is_refused(self) -> None:
        """The agent could never write it."""
        mount = Volume.empty_dir("conf").mount("/conf", read_only=True)
        template = VaultTemplate(contents="x", destination="/conf/x")
        assert "'/conf/x' is on the read-only root" in problems(files={"x": template}, volume_mounts=[mount])

    def test_a_role_beside_a_login_is_refused(self) -> None:
        """It would be ignored."""
        with pytest.raises(InvalidValueError, match="a role beside auth"):
            VaultAgentSidecar(address=URL, role="app", auth=VaultKubernetesAuth(role="app"), files={"db": "x"})

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        """One run shows all there is to mend."""
        text = problems(address=None, max_backoff="x", image="hashicorp/vault:2.0.1", files={"db": 1})
        assert text.startswith("4 problems")

    def test_an_agent_that_writes_nothing_needs_a_gate(self) -> None:
        """Nothing else tells when it is ready."""
        sidecar = agent(files={}, listener_port=8100, startup_probe=WaitFor.tcp(port=8100))
        assert sidecar.mounts() == ()
        assert "template" not in configured(sidecar)
