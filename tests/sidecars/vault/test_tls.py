"""Whom an agent trusts."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import InvalidValueError, RenderedFile, VaultTls, Volume
from tests.sidecars.vault.agents import URL, agent, configured, volumes


def settings(tls: VaultTls) -> dict[str, Any]:
    """What the configuration says about the server, beyond address and retries."""
    found: dict[str, Any] = configured(agent(tls=tls))["vault"]
    assert found.pop("address") == URL
    found.pop("retry")
    return found


def test_certificates_are_verified_unless_it_is_switched_off() -> None:
    """The one way out has a name that says so."""
    assert settings(VaultTls()) == {}
    assert settings(VaultTls(skip_verify=True)) == {"tls_skip_verify": True}


@pytest.mark.parametrize(
    ("tls", "source"),
    [
        (VaultTls(ca_config_map="ca"), {"configMap": {"name": "ca", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}),
        (
            VaultTls(ca_secret="ca", ca_key="root.pem"),
            {"secret": {"secretName": "ca", "items": [{"key": "root.pem", "path": "ca.crt"}]}},
        ),
    ],
)
def test_an_authority_out_of_a_config_map_or_a_secret(tls: VaultTls, source: dict[str, Any]) -> None:
    """One key of it becomes the file that the agent reads."""
    assert settings(tls) == {"ca_cert": "/etc/vault-agent-tls/ca/ca.crt"}
    assert volumes(agent(tls=tls))["/etc/vault-agent-tls/ca"] == {"name": "vault-agent-ca", **source}


def test_an_authority_out_of_files() -> None:
    """Of the image, of a directory, or of another sidecar."""
    assert settings(VaultTls(ca_file="/etc/ssl/own.pem", server_name="vault")) == {
        "ca_cert": "/etc/ssl/own.pem",
        "tls_server_name": "vault",
    }
    assert settings(VaultTls(ca_path="/etc/ssl/certs")) == {"ca_path": "/etc/ssl/certs"}
    file = RenderedFile(path="/bundle/ca.pem", directory="/bundle", volume=Volume.empty_dir("bundle"))
    assert settings(VaultTls(ca_file=file)) == {"ca_cert": "/bundle/ca.pem"}
    assert "/bundle" in volumes(agent(tls=VaultTls(ca_file=file)))


def test_a_certificate_of_the_agent() -> None:
    """Out of a Secret of type kubernetes.io/tls, or of two files."""
    tls = VaultTls(client_secret="agent-tls")
    folder = "/etc/vault-agent-tls/client"
    assert settings(tls) == {"client_cert": f"{folder}/tls.crt", "client_key": f"{folder}/tls.key"}
    assert volumes(agent(tls=tls))[folder] == {"name": "vault-agent-client", "secret": {"secretName": "agent-tls"}}
    files = VaultTls(client_certificate_file="/c/crt", client_key_file="/c/key")
    assert settings(files) == {"client_cert": "/c/crt", "client_key": "/c/key"}


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"ca_config_map": "a", "ca_path": "/b"}, "2 certificate authorities @ VaultTls, ca_config_map, ca_path"),
        ({"client_key_file": "/k"}, "half a certificate"),
        ({"client_secret": "s", "client_key_file": "/k", "client_certificate_file": "/c"}, "two client certificates"),
        ({"ca_file": "ca.crt"}, "'ca.crt' is no absolute path"),
        ({"ca_secret": "My Secret"}, "invalid ca_secret"),
        ({"skip_verify": "yes"}, "'yes' is neither True nor False"),
        ({"server_name": ""}, "'' is empty"),
    ],
)
def test_a_mistake_is_told(options: dict[str, Any], text: str) -> None:
    """The value, where it is, and what to write."""
    with pytest.raises(InvalidValueError) as caught:
        VaultTls(**options)
    assert text in str(caught.value)


def test_a_key_as_text_is_refused_and_not_repeated() -> None:
    """It belongs into a Secret."""
    with pytest.raises(InvalidValueError, match="client_secret") as caught:
        VaultTls(client_key_file="-----BEGIN PRIVATE KEY-----\nMIIE", client_certificate_file="/c")
    assert "MIIE" not in str(caught.value)
