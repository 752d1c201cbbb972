"""How an agent logs in to Vault: with a token of the Pod's service account, an AppRole, or any JWT.

https://developer.hashicorp.com/vault/docs/agent-and-proxy/autoauth/methods; read in Vault 1.21.0,
command/agentproxyshared/auth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import FrozenMap
from sidecarlib.model.names import dns_subdomain, file_key
from sidecarlib.model.projection import SHORTEST_TOKEN_SECONDS, Projection
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.sidecars.frame.volume_name import volume_name
from sidecarlib.sidecars.vault.syntax import auth_mount_path

__all__ = ["VaultAppRoleAuth", "VaultJwtAuth", "VaultKubernetesAuth"]

TOKEN_DIRECTORY = "/var/run/secrets/vault"  # noqa: S105 - a path
TOKEN_FILE = f"{TOKEN_DIRECTORY}/token"
APPROLE_DIRECTORY = "/var/run/secrets/vault-approle"
ROLE_ID, SECRET_ID = "role-id", "secret-id"


@runtime_checkable
class VaultAuth(Protocol):
    """A login method, with what its container has to mount."""

    def method(self) -> dict[str, Any]:
        """The entry of `auto_auth.method`, without back-off."""

    def mounts(self, sidecar: str) -> tuple[VolumeMount, ...]:
        """The volumes that hold its credentials, for the container named `sidecar`."""

    def unmounted(self) -> Mapping[str, str]:
        """The files of credentials, option to path, that some other mount of the container must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKubernetesAuth:
    """A token of the Pod's service account, which Vault shows to the API server (the `kubernetes` method).

    The token is projected into a path of its own, valid for `token_expiration_seconds` (600 or more) and renewed by
    the kubelet, so that the automounted one can be switched off. `audience=None` is the API server's own audience.
    That is what a Vault role without `audience` takes (the default of `auth/kubernetes/role`: TokenReview is then
    asked without one); a role with `audience` takes no other. With `audience="vault"` here and in the role, nobody
    can use the token on the API server. A difference between the two shows as a login that is refused and tried
    again. `namespace` is where the method is mounted, if not in the sidecar's own. `token_file` is a token that
    something else brings. Raises `InvalidValueError`.
    """

    role: str
    mount_path: str = "auth/kubernetes"
    namespace: str | None = None
    audience: str | None = None
    token_expiration_seconds: int = 3600
    token_file: str | RenderedFile | None = None

    def __post_init__(self) -> None:
        _check_token_login(self)

    def method(self) -> dict[str, Any]:
        """The entry of `auto_auth.method`."""
        return _method("kubernetes", self, {"role": self.role, "token_path": str(self.token_file or TOKEN_FILE)})

    def mounts(self, sidecar: str) -> tuple[VolumeMount, ...]:
        """The volume with the token."""
        return _token_mounts(self, sidecar)

    def unmounted(self) -> Mapping[str, str]:
        """The token, where only its path is given."""
        return _paths(token_file=self.token_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultJwtAuth:
    """A JWT that Vault checks by its signature: of the Pod's service account, or of anything else (the `jwt` method).

    Without `token_file` it is a projected token, as in `VaultKubernetesAuth`; the Vault role must have its audience
    in `bound_audiences` (`audience=None`: the API server's own, usually its issuer). The agent reads the file again
    every minute, and leaves it in place: left alone it would delete it, which no read-only volume allows. Raises
    `InvalidValueError`.
    """

    role: str
    mount_path: str = "auth/jwt"
    namespace: str | None = None
    audience: str | None = None
    token_expiration_seconds: int = 3600
    token_file: str | RenderedFile | None = None

    def __post_init__(self) -> None:
        _check_token_login(self)

    def method(self) -> dict[str, Any]:
        """The entry of `auto_auth.method`."""
        path = str(self.token_file or TOKEN_FILE)
        return _method("jwt", self, {"role": self.role, "path": path, "remove_jwt_after_reading": False})

    def mounts(self, sidecar: str) -> tuple[VolumeMount, ...]:
        """The volume with the token."""
        return _token_mounts(self, sidecar)

    def unmounted(self) -> Mapping[str, str]:
        """The token, where only its path is given."""
        return _paths(token_file=self.token_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultAppRoleAuth:
    """A role id and a secret id out of files (the `approle` method), never out of the manifest.

    `secret` names the Secret whose keys `role_id_key` and `secret_id_key` hold them; `secret_id_key=None` is for a
    role without secret ids (`bind_secret_id=false`). Or `role_id_file` and `secret_id_file` are files that something
    else mounts or renders. `secret_id_wrapping_path` is the creation path of a wrapped secret id, such as
    `auth/approle/role/app/secret-id`: a wrapped one serves a single start. The agent leaves the files in place.
    Raises `InvalidValueError`.
    """

    secret: str | None = None
    role_id_key: str = ROLE_ID
    secret_id_key: str | None = SECRET_ID
    role_id_file: str | RenderedFile | None = None
    secret_id_file: str | RenderedFile | None = None
    secret_id_wrapping_path: str | None = None
    mount_path: str = "auth/approle"
    namespace: str | None = None

    def __post_init__(self) -> None:
        checks = Checks("VaultAppRoleAuth")
        _check_mount(checks, self)
        checks.optional_text("secret_id_wrapping_path", self.secret_id_wrapping_path)
        for name in ("role_id_file", "secret_id_file"):
            _check_file(checks, name, getattr(self, name))
        if (self.secret is None) == (self.role_id_file is None):
            instead = "name the Secret that holds the ids, or write the file of the role id"
            checks.add("not exactly one source of the ids", "secret, role_id_file", instead)
        elif self.secret is not None:
            checks.text("secret", self.secret, syntax=dns_subdomain)
            checks.text("role_id_key", self.role_id_key, syntax=file_key)
            if self.secret_id_key is not None:
                checks.text("secret_id_key", self.secret_id_key, syntax=file_key)
            if self.secret_id_file is not None:
                checks.add("two sources of the secret id", "secret_id_file", "leave it or the Secret out")
        checks.raise_if_any()

    def method(self) -> dict[str, Any]:
        """The entry of `auto_auth.method`."""
        role_id, secret_id = self.role_id_file, self.secret_id_file
        if self.secret is not None:
            role_id = f"{APPROLE_DIRECTORY}/{ROLE_ID}"
            secret_id = None if self.secret_id_key is None else f"{APPROLE_DIRECTORY}/{SECRET_ID}"
        config: dict[str, Any] = {"role_id_file_path": str(role_id)}
        if secret_id is not None:
            config |= {"secret_id_file_path": str(secret_id), "remove_secret_id_file_after_reading": False}
        if self.secret_id_wrapping_path is not None:
            config["secret_id_response_wrapping_path"] = self.secret_id_wrapping_path
        return _method("approle", self, config)

    def mounts(self, sidecar: str) -> tuple[VolumeMount, ...]:
        """The volumes with the ids."""
        if self.secret is None:
            files = (self.role_id_file, self.secret_id_file)
            return tuple(dict.fromkeys(file.mount() for file in files if isinstance(file, RenderedFile)))
        items = {self.role_id_key: ROLE_ID}
        if self.secret_id_key is not None:
            items[self.secret_id_key] = SECRET_ID
        volume = Volume.secret(volume_name(sidecar, "approle"), secret=self.secret, items=FrozenMap(items))
        return (volume.mount(APPROLE_DIRECTORY, read_only=True),)

    def unmounted(self) -> Mapping[str, str]:
        """The ids, where only their paths are given."""
        return _paths(role_id_file=self.role_id_file, secret_id_file=self.secret_id_file)


def _method(kind: str, login: Any, config: Mapping[str, Any]) -> dict[str, Any]:
    method: dict[str, Any] = {"type": kind, "mount_path": login.mount_path}
    if login.namespace is not None:
        method["namespace"] = login.namespace
    return {**method, "config": dict(config)}


def _token_mounts(login: VaultKubernetesAuth | VaultJwtAuth, sidecar: str) -> tuple[VolumeMount, ...]:
    if isinstance(login.token_file, RenderedFile):
        return (login.token_file.mount(),)
    if login.token_file is not None:
        return ()
    token = Projection.service_account_token(
        "token", audience=login.audience, expiration_seconds=login.token_expiration_seconds
    )
    return (Volume.projected(volume_name(sidecar, "token"), sources=[token]).mount(TOKEN_DIRECTORY, read_only=True),)


def _paths(**files: str | RenderedFile | None) -> Mapping[str, str]:
    return {option: file for option, file in files.items() if isinstance(file, str)}


def _check_token_login(login: VaultKubernetesAuth | VaultJwtAuth) -> None:
    checks = Checks(type(login).__name__)
    checks.text("role", login.role)
    _check_mount(checks, login)
    checks.optional_text("audience", login.audience)
    checks.integer("token_expiration_seconds", login.token_expiration_seconds, minimum=SHORTEST_TOKEN_SECONDS)
    _check_file(checks, "token_file", login.token_file)
    if login.token_file is not None and login.audience is not None:
        checks.add("an audience for a token that is there already", "audience", "leave it or token_file out")
    checks.raise_if_any()


def _check_mount(checks: Checks, login: Any) -> None:
    checks.text("mount_path", login.mount_path, syntax=auth_mount_path)
    checks.optional_text("namespace", login.namespace)


def _check_file(checks: Checks, field: str, value: object) -> None:
    """Notes what is no file; the value stays out of the text, for it may be the credential itself."""
    if value is None or isinstance(value, RenderedFile) or (isinstance(value, str) and value.startswith("/")):
        return
    instead = 'keep the credential in a Secret and write its name (secret="…"), or an absolute path to a mounted file'
    checks.add("this is no path of a file", field, instead)
