"""Vault Agent: logs in to Vault, renders secrets into files, and keeps both fresh.

Checked with version 1.21.0; the default image is of the line after it.
https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent, https://github.com/hashicorp/vault (command/agent.go).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.container_port import ContainerPort
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.resources import Resources
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.sidecars.frame.options import SharedOptions, check_shared_options, shared_container
from sidecarlib.sidecars.frame.product import Product
from sidecarlib.sidecars.frame.volume_name import volume_name
from sidecarlib.sidecars.vault.authentication import VaultAuth, VaultKubernetesAuth
from sidecarlib.sidecars.vault.configuration import as_json, check_configuration, destinations, listeners
from sidecarlib.sidecars.vault.generated import generated
from sidecarlib.sidecars.vault.hand_written import loopback_ports
from sidecarlib.sidecars.vault.options import check_connection, check_container, check_options
from sidecarlib.sidecars.vault.tls import VaultTls
from sidecarlib.sidecars.vault.written_files import TemplateFiles, VaultSink, templates_of
from sidecarlib.sidecars.vault.written_paths import WrittenPaths

__all__ = ["VaultAgentSidecar"]

IMAGE = "hashicorp/vault:2.0.4"
USER, GROUP = 100, 1000
"""The user and group `vault` of the images, and of the containers that vault-k8s injects."""
CONFIG_FILE = "/etc/vault-agent/config.json"
HOME = "/home/vault"
"""Need not exist [measured]; set, so that it does not depend on the user."""
RESOURCES = Resources(requests={"cpu": "25m", "memory": "64Mi"}, limits={"memory": "128Mi"})
"""Memory as in vault-k8s; 15 to 17 MB are used. CPU: 50 ms for login and rendering, then next to none [measured]."""
PROMPT_STOP_SECONDS = 1.0
LONGEST_SLEEP_SECONDS = 300.0
"""The longest sleep before the template server starts anew; SIGTERM does not end it (consts.DefaultMaxBackoff)."""

_GENERATED_FROM = (
    "address", "namespace", "tls", "listener_port", "use_auto_auth_token", "cache", "static_secret_render_interval",
    "exit_on_retry_failure", "max_retries", "min_backoff", "max_backoff", "exit_on_err", "log_level", "log_format",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultAgentSidecar(SharedOptions):
    """An agent that renders secrets into memory for the other containers of the Pod.

    `VaultAgentSidecar(address="https://vault.example.com:8200", role="app", files={"db.env": "{{ with secret … }}…"})`.

    `vault.file("db.env")` is the file for an option of another sidecar; `uses=[vault]` mounts all files, read-only,
    at `secrets_directory`. Whoever uses one starts when all are there: the gate tests each path inside the container
    within 120 s, for templates render one by one and no endpoint of the agent tells (hashicorp/vault-k8s#620).

    - `address` of the server; None: the variable VAULT_ADDR of `extra_env`. `namespace`: of Vault Enterprise or HCP.
      `tls`: whom to trust. `client_timeout`: of one request; None: Vault's 60s. A shorter one cuts off secrets
      engines that need longer, and each new try may leave one more credential behind.
    - `role` of the `kubernetes` login, or `auth`: `VaultKubernetesAuth`, `VaultAppRoleAuth` or `VaultJwtAuth`.
    - `files`: a name to the text of its template or a `VaultTemplate`. They lie in an emptyDir in memory of at most
      `secrets_size_limit` (None: no limit), which counts against this container's memory limit.
    - `static_secret_render_interval`: how often secrets without a lease are read again, 5m as in Vault.
    - `max_backoff`: the longest wait before a login or a secret is tried again. Vault's 5m would sleep past the gate.
      `min_backoff`: the shortest; None: Vault's 1s for a login, 250ms for a secret.
    - `max_retries` of a secret; None: no limit, or Vault's 12 with `exit_on_retry_failure`. That and `exit_on_err`
      are off, as in Vault: Kubernetes starts an agent that ended after longer and longer waits, and a Job's Pod may
      then hang for ever (kubernetes#132826).
    - `sink`: a file with the token. `listener_port` (None: off): Vault's API on loopback, told by `env()`; requests
      without a token get the agent's (`use_auto_auth_token`; "force": all requests). `cache`: leases and tokens are
      kept in memory. HashiCorp is moving the listener to another program, Vault Proxy.
    - `config`: a whole configuration of your own instead, as a mapping. What it writes are its files, under their
      paths below `secrets_directory`. `extra_config` adds to the generated one; the agent ignores top-level keys that
      it does not know. `volume_mounts`: further mounts, such as files that these name.

    `stops_within` is 1 s: with Vault gone, refusing or silent, and with templates that cannot be rendered, SIGTERM took
    0.05 s at most [measured]. It is 300 s when `max_retries`, `error_fatal=True` of a template or a `command` (when it
    fails) make the agent sleep (25.7 s seen, 11.9 s with a `command`), unless the agent exits on failure, and unknown
    for a `config`. Not counted: a first login that is never answered holds SIGTERM for up to `client_timeout`, 60 s
    unless you say less (6.4 s seen with 8s). The image's entrypoint never runs: in many versions it fails without
    capabilities. Raises `InvalidValueError` with all that is wrong.
    """

    address: str | None = None
    role: str | None = None
    files: TemplateFiles = TemplateFiles()  # noqa: RUF009 - it cannot change
    auth: VaultAuth | None = None
    namespace: str | None = None
    tls: VaultTls | None = None
    client_timeout: str | None = None
    static_secret_render_interval: str = "5m"  # noqa: S105 - a duration
    max_backoff: str = "10s"
    min_backoff: str | None = None
    max_retries: int | None = None
    exit_on_retry_failure: bool = False
    exit_on_err: bool = False
    sink: VaultSink | None = None
    listener_port: int | None = None
    use_auto_auth_token: bool | str = True
    cache: bool = False
    log_level: str = "info"
    log_format: str = "json"
    secrets_directory: str = "/vault/secrets"
    secrets_size_limit: str | None = "16Mi"
    config: Mapping[str, Any] | None = None
    extra_config: Mapping[str, Any] = EMPTY
    volume_mounts: Sequence[VolumeMount] = ()
    name: str = "vault-agent"
    image: str = IMAGE
    resources: Resources | None = RESOURCES
    run_as_user: int | None = USER
    _configuration: Mapping[str, Any] = field(init=False, repr=False, compare=False)
    _written: WrittenPaths = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = Checks(f"VaultAgentSidecar {self.name!r}")
        check_shared_options(checks, self)
        templates = templates_of(checks, self.files)
        assign(
            self,
            files=TemplateFiles(templates=templates),
            extra_config=checks.mapping("extra_config", self.extra_config),
            volume_mounts=checks.items("volume_mounts", self.volume_mounts, VolumeMount),
        )
        variables = self._variables()
        check_options(checks, self)
        check_container(checks, self.image, self.extra_args, variables)
        if self.config is None:
            check_connection(checks, self, variables)
        else:
            assign(self, config=checks.mapping("config", self.config))
            self._check_nothing_generated(checks)
        checks.raise_if_any()
        configuration = self._configured()
        check_configuration(checks, "extra_config" if self.config is None else "config", configuration)
        paths = self._paths(configuration)
        written = WrittenPaths(paths, (*self._secrets(paths), *self.volume_mounts))
        written.check(checks)
        if not paths and self.startup_probe is None:
            checks.add("nothing to wait for", "files", "write files, a sink, or a startup_probe of your own")
        files = TemplateFiles({CONFIG_FILE: as_json(configuration)}, templates)
        assign(self, _configuration=configuration, _written=written, files=files)
        checks.raise_if_any()
        self.container().render()

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """None beyond those that its container mounts."""
        return ()

    @property
    def stops_within(self) -> float | None:
        """Seconds from SIGTERM to the agent's end; the class says what they stand for.

        A first login that Vault never answers is not counted: it takes up to `client_timeout`, by default Vault's 60 s.
        """
        if self.config is not None:
            return None
        templates = self.files.templates.values()
        sleeps = self.max_retries is not None or any(each.error_fatal or each.runs_command for each in templates)
        return LONGEST_SLEEP_SECONDS if sleeps and not self.exit_on_retry_failure else PROMPT_STOP_SECONDS

    @property
    def rendered_paths(self) -> frozenset[str]:
        """The absolute paths of all files that the agent writes: what others may ask of it."""
        return frozenset(self._written.paths.values())

    def container(self) -> NativeSidecar:
        """The agent, its gate, and where it writes."""
        own = {"HOME": HOME}
        if self.client_timeout is not None:
            own["VAULT_CLIENT_TIMEOUT"] = self.client_timeout
        given = {variable.name for variable in self._variables()}
        mounts = [*self._written.mounts]
        if self.config is None:
            mounts += self._login().mounts(self.name)
        if self.tls is not None:
            mounts += self.tls.mounts(self.name)
        return shared_container(
            self,
            command=("vault",),
            args=("agent", f"-config={CONFIG_FILE}"),
            env=[EnvVar(name=name, value=value) for name, value in own.items() if name not in given],
            ports=[ContainerPort(container_port=listener.port) for listener in listeners(self._configuration)],
            volume_mounts=tuple(dict.fromkeys(mounts)),
            startup_probe=self._written.gate() if self.startup_probe is None else self.startup_probe,
            run_as_group=GROUP,
        )

    def file(self, name: str) -> RenderedFile:
        """A file that the agent writes: a name of `files`, the destination of the sink, or for a `config` its path.

        Whoever takes it mounts its volume read-only and starts after the agent. Containers of every user can read it
        unless its template has other `perms`. Raises `InvalidValueError` for an unknown name.
        """
        return self._written.file(name, sidecar=self.name)

    def mounts(self) -> tuple[VolumeMount, ...]:
        """The secrets, read-only, for whoever uses the sidecar."""
        secrets = self._secrets(self._written.paths)
        return tuple(mount.volume.mount(mount.mount_path, read_only=True) for mount in secrets)

    def env(
        self, *, address: str | None = "VAULT_ADDR", agent_address: str | None = "VAULT_AGENT_ADDR"
    ) -> tuple[EnvVar, ...]:
        """Where the listener is, under the names that Vault's clients read (None leaves one out); empty without one."""
        found = listeners(self._configuration)[:1]
        names = [name for name in (address, agent_address) if name is not None]
        return tuple(EnvVar(name=name, value=each.url).provided_by(self.name) for each in found for name in names)

    def _configured(self) -> dict[str, Any]:
        if self.config is not None:
            configuration: dict[str, Any] = thaw(self.config)
            return configuration
        rendered = generated(
            auth=self._login(),
            templates=[(self._absolute(each.destination or name), each) for name, each in self.files.templates.items()],
            sink=None if self.sink is None else self.sink.render(self._absolute(self.sink.destination)),
            **{name: getattr(self, name) for name in _GENERATED_FROM},
        )
        return merge_extra(rendered, self.extra_config, f"VaultAgentSidecar {self.name!r}, extra_config")

    def _paths(self, configuration: Mapping[str, Any]) -> dict[str, str]:
        """What the agent writes: name to absolute path."""
        named = {name: self._absolute(each.destination or name) for name, each in self.files.templates.items()}
        others = [path for path in destinations(configuration) if path not in named.values()]
        return named | {path.removeprefix(f"{self.secrets_directory}/"): path for path in others}

    def _absolute(self, path: str) -> str:
        return path if path.startswith("/") else f"{self.secrets_directory}/{path}"

    def _secrets(self, paths: Mapping[str, str]) -> tuple[VolumeMount, ...]:
        """Where the agent writes, as others see it; nothing where it writes nothing."""
        if not any(path.startswith(f"{self.secrets_directory}/") for path in paths.values()):
            return ()
        name = volume_name(self.name, "secrets")
        volume = Volume.empty_dir(name, medium="Memory", size_limit=self.secrets_size_limit)
        return (volume.provided_by(self.name).mount(self.secrets_directory),)

    def _login(self) -> VaultAuth:
        return VaultKubernetesAuth(role=self.role or "") if self.auth is None else self.auth

    def _variables(self) -> tuple[EnvVar, ...]:
        return tuple(variable for variable in self.extra_env if isinstance(variable, EnvVar))

    def _check_nothing_generated(self, checks: Checks) -> None:
        defaults = {each.name: each.default for each in fields(self)}
        for name in (*_GENERATED_FROM, "role", "auth", "sink", "extra_config"):
            if getattr(self, name) != defaults[name]:
                checks.add("it has no effect beside a config of your own", name, "write it into config")
        if self.files.templates:
            checks.add("it has no effect beside a config of your own", "files", "write config's template")


PRODUCT = Product(
    name="Vault",
    repositories=("hashicorp/vault", "hashicorp/vault-enterprise", "library/vault"),
    loopback_ports=loopback_ports,
)
