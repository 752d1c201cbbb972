"""Vault Agent: logs in to Vault, renders secrets into files, and keeps both fresh.

Checked with version 1.21.0 (the default image is of the line after it, with the same options).
https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent, https://github.com/hashicorp/vault (command/agent.go).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sidecarlib.errors import InvalidValueError, Problem
from sidecarlib.model.checks import Checks, Named, assign
from sidecarlib.model.container_port import ContainerPort
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.image import tag
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.quantity import quantity_problem
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.resources import Resources
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.model.wait_for import WaitFor
from sidecarlib.sidecars.frame.options import check_shared_options, shared_container
from sidecarlib.sidecars.frame.product import Product
from sidecarlib.sidecars.vault.authentication import VaultAuth, VaultKubernetesAuth
from sidecarlib.sidecars.vault.configuration import as_json, check_configuration, destinations, listeners
from sidecarlib.sidecars.vault.generated import generated
from sidecarlib.sidecars.vault.hand_written import loopback_ports
from sidecarlib.sidecars.vault.syntax import absolute_path, duration, relative_path
from sidecarlib.sidecars.vault.tls import VaultTls
from sidecarlib.sidecars.vault.volume_name import volume_name
from sidecarlib.sidecars.vault.written_files import TemplateFiles, VaultSink, VaultTemplate, templates_of

__all__ = ["VaultAgentSidecar"]

IMAGE = "hashicorp/vault:2.0.4"
BROKEN_VERSIONS = frozenset({"2.0.1", "1.21.6", "1.20.11", "1.19.17"})
"""Their program carries the file capability cap_ipc_lock, and the kernel does not start it where all capabilities are dropped
(Vault's important changes, "Docker image requires IPC_LOCK capability", all editions; hashicorp/vault#31977)."""
USER, GROUP = 100, 1000
"""The user and the group `vault` of the images, and of vault-k8s' containers."""
CONFIG_FILE = "/etc/vault-agent/config.json"
HOME = "/home/vault"
"""Need not exist; a HOME must be set all the same, for the image's is root's where another user is asked for [measured]."""
RESOURCES = Resources(requests={"cpu": "25m", "memory": "64Mi"}, limits={"memory": "128Mi"})
GATE_SECONDS = 120
PROMPT_STOP_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 300.0
"""consts.DefaultMaxBackoff, between two starts of the template server: a sleep that SIGTERM does not end."""

_ADDRESS = re.compile(r"https?://[^\s/]+\S*|unix://\S+")
_LOG_LEVELS, _LOG_FORMATS = ("trace", "debug", "info", "warn", "error"), ("standard", "json")
_CREDENTIAL_VARIABLES = ("VAULT_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_GENERATED_FROM = (
    "address", "role", "auth", "namespace", "tls", "sink", "listener_port", "use_auto_auth_token", "cache",
    "static_secret_render_interval", "exit_on_retry_failure", "max_retries", "min_backoff", "max_backoff", "exit_on_err",
    "log_level", "log_format", "extra_config",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultAgentSidecar:
    """An agent that renders secrets into memory for the other containers of the Pod.

    `VaultAgentSidecar(address="https://vault.example.com:8200", role="app", files={"db.env": "{{ with secret … }}…{{ end }}"})`.
    `files` maps a name to a template, its text or a `VaultTemplate`: `vault.file("db.env")` is the file for an option of another
    sidecar, and `uses=[vault]` mounts all of them, read-only, at `secrets_directory`. They lie in an emptyDir in memory of at most
    `secrets_size_limit`, which counts against this container's memory limit. Whoever uses one starts when all are there: the gate tests each
    destination inside the container, for templates render one by one, and no endpoint of the agent tells (hashicorp/vault-k8s#620).

    Login. `role` is the Vault role of the `kubernetes` method, or `auth` a `VaultKubernetesAuth`, `VaultAppRoleAuth` or
    `VaultJwtAuth`. `namespace` is of Vault Enterprise or HCP. `tls` tells whom to trust. A login or a secret that fails is tried again, after `max_backoff`
    (a duration) at most: Vault's default of 5m would sleep past the gate. `exit_on_err=False` and
    `exit_on_retry_failure=False`, as in Vault: an agent that ended would be started again by Kubernetes, after longer and longer
    waits, and a Job's Pod with two startup probes can then hang for ever (kubernetes#132826).

    Secrets without a lease are read again every `static_secret_render_interval` (Vault's 5m). `client_timeout` bounds one request to
    Vault (None: Vault's 60s); a secrets engine that takes longer would be asked again and again, so it is not shortened by default. `max_retries=None`
    reads a secret again for ever, or 12 times, Vault's default, with `exit_on_retry_failure`.

    `sink` also writes the token into a file. `listener_port` (None: off) serves Vault's API on loopback, to which `env()` points:
    requests without a token get the agent's (`use_auto_auth_token`; "force": all of them), `cache` answers repeated ones from memory.
    HashiCorp moves this to a program of its own, Vault Proxy.

    `config` is a whole configuration of one's own instead, as a mapping; its destinations become the files, under their paths below
    `secrets_directory`. `extra_config` adds to the generated one (`{"template_config": {"max_connections_per_host": 5}}`): the agent ignores
    top-level keys that it does not know. `volume_mounts` are further mounts, for instance for files that they name.

    `stops_within` is 1 s: SIGTERM took at most 0.05 s with Vault gone, refusing or silent, before and after the first rendering,
    and with templates that fail [measured]. Only an agent whose very first request is not answered at all waits for it, up to `client_timeout`. It is 300 s when `max_retries`
    or a template's `error_fatal=True` let the template server sleep between restarts (25.7 s seen), and unknown for a `config`.
    Requests: 15 to 17 MB of memory and 50 ms of CPU time for login and rendering [measured]; the memory limit is vault-k8s'. The container never runs the image's entrypoint,
    which fails without capabilities. Raises `InvalidValueError` with all that is wrong.
    """

    address: str | None = None
    role: str | None = None
    files: TemplateFiles = TemplateFiles()  # noqa: RUF009 - immutable
    auth: VaultAuth | None = None
    namespace: str | None = None
    tls: VaultTls | None = None
    sink: VaultSink | None = None
    listener_port: int | None = None
    use_auto_auth_token: bool | str = True
    cache: bool = False
    static_secret_render_interval: str = "5m"
    exit_on_retry_failure: bool = False
    max_retries: int | None = None
    min_backoff: str | None = None
    max_backoff: str = "10s"
    exit_on_err: bool = False
    client_timeout: str | None = None
    log_level: str = "info"
    log_format: str = "json"
    secrets_directory: str = "/vault/secrets"
    secrets_size_limit: str | None = "16Mi"
    config: Mapping[str, Any] = EMPTY
    extra_config: Mapping[str, Any] = EMPTY
    volume_mounts: Sequence[VolumeMount] = ()
    name: str = "vault-agent"
    image: str = IMAGE
    image_pull_policy: str | None = None
    startup_probe: Probe | WaitFor | None = None
    liveness_probe: Probe | None = None
    resources: Resources | None = RESOURCES
    run_as_user: int | None = USER
    extra_args: Sequence[str] = ()
    extra_env: Sequence[EnvVar] | Mapping[str, str] = ()
    uses: Sequence[str | Named] = ()
    after: Sequence[str | Named] = ()
    extra: Mapping[str, Any] = EMPTY
