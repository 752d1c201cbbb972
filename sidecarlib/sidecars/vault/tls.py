"""How an agent trusts the Vault server, and how it shows who it is.

https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent#vault-stanza; keys read in Vault 1.21.0,
command/agent/config/config.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import FrozenMap
from sidecarlib.model.names import dns_subdomain, file_key
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.sidecars.frame.volume_name import volume_name

__all__ = ["VaultTls"]

CA_DIRECTORY = "/etc/vault-agent-tls/ca"
CLIENT_DIRECTORY = "/etc/vault-agent-tls/client"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultTls:
    """The certificate authority of the Vault server, and the agent's own certificate where the server wants one.

    The authority comes from the key `ca_key` of a ConfigMap or a Secret, from a file (`ca_file`: of the image, of a
    mount, or one that a sidecar renders), or from a directory of files (`ca_path`); without any of them it is one of
    the image's. `server_name` is the name in the server's certificate where it differs from the address.
    `client_secret` names a Secret of type `kubernetes.io/tls`; `client_certificate_file` and `client_key_file` are
    the same as files.

    `skip_verify=True` takes any certificate: whoever is on the way to Vault then reads every secret and the login
    itself. It is for experiments, and off unless asked for. Raises `InvalidValueError`.
    """

    ca_config_map: str | None = None
    ca_secret: str | None = None
    ca_key: str = "ca.crt"
    ca_file: str | RenderedFile | None = None
    ca_path: str | None = None
    server_name: str | None = None
    client_secret: str | None = None
    client_certificate_file: str | RenderedFile | None = None
    client_key_file: str | RenderedFile | None = None
    skip_verify: bool = False

    def __post_init__(self) -> None:
        checks = Checks("VaultTls")
        sources = ("ca_config_map", "ca_secret", "ca_file", "ca_path")
        given = [name for name in sources if getattr(self, name) is not None]
        if len(given) > 1:
            checks.add(f"{len(given)} certificate authorities", ", ".join(given), "keep one of them")
        for name in ("ca_config_map", "ca_secret", "client_secret"):
            if getattr(self, name) is not None:
                checks.text(name, getattr(self, name), syntax=dns_subdomain)
        checks.text("ca_key", self.ca_key, syntax=file_key)
        for name in ("ca_file", "ca_path", "client_certificate_file", "client_key_file"):
            self._check_file(checks, name)
        checks.optional_text("server_name", self.server_name)
        checks.flag("skip_verify", self.skip_verify)
        if (self.client_certificate_file is None) != (self.client_key_file is None):
            checks.add("half a certificate", "client_certificate_file, client_key_file", "write both files")
        elif self.client_secret is not None and self.client_key_file is not None:
            checks.add("two client certificates", "client_secret, client_key_file", "keep one of them")
        checks.raise_if_any()

    def settings(self) -> dict[str, Any]:
        """Its part of the agent's `vault` block."""
        authority = self.ca_file
        if self.ca_config_map is not None or self.ca_secret is not None:
            authority = f"{CA_DIRECTORY}/ca.crt"
        certificate, key = self.client_certificate_file, self.client_key_file
        if self.client_secret is not None:
            certificate, key = f"{CLIENT_DIRECTORY}/tls.crt", f"{CLIENT_DIRECTORY}/tls.key"
        found = {
            "ca_cert": authority,
            "ca_path": self.ca_path,
            "client_cert": certificate,
            "client_key": key,
            "tls_server_name": self.server_name,
        }
        settings: dict[str, Any] = {name: str(value) for name, value in found.items() if value is not None}
        return {**settings, "tls_skip_verify": True} if self.skip_verify else settings

    def mounts(self, sidecar: str) -> tuple[VolumeMount, ...]:
        """The volumes with its files, for the container named `sidecar`."""
        mounts: list[VolumeMount] = []
        items = FrozenMap({self.ca_key: "ca.crt"})
        if self.ca_config_map is not None:
            volume = Volume.config_map(volume_name(sidecar, "ca"), config_map=self.ca_config_map, items=items)
            mounts.append(volume.mount(CA_DIRECTORY, read_only=True))
        if self.ca_secret is not None:
            volume = Volume.secret(volume_name(sidecar, "ca"), secret=self.ca_secret, items=items)
            mounts.append(volume.mount(CA_DIRECTORY, read_only=True))
        if self.client_secret is not None:
            volume = Volume.secret(volume_name(sidecar, "client"), secret=self.client_secret)
            mounts.append(volume.mount(CLIENT_DIRECTORY, read_only=True))
        files = (self.ca_file, self.client_certificate_file, self.client_key_file)
        mounts += [file.mount() for file in files if isinstance(file, RenderedFile)]
        return tuple(dict.fromkeys(mounts))

    def _check_file(self, checks: Checks, field: str) -> None:
        value = getattr(self, field)
        if isinstance(value, str) and value.lstrip().startswith("-----BEGIN"):
            instead = "keep it in a Secret or a ConfigMap and write its name: client_secret, ca_secret or ca_config_map"
            checks.add("the certificate or key itself", field, instead)
        elif value is not None and not isinstance(value, RenderedFile):
            checks.path(field, value)
