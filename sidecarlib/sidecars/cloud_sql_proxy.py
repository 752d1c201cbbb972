"""Cloud SQL Auth Proxy, version 2: serves instances of Google Cloud SQL on the Pod's loopback, encrypted and authorised.

Checked with version 2.27.0. https://github.com/GoogleCloudPlatform/cloud-sql-proxy, https://cloud.google.com/sql/docs/postgres/sql-proxy
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sidecarlib.errors import InvalidValueError, Problem
from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.container_port import ContainerPort
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.resources import Resources
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.sidecars.cloud_sql.command_line import read_command_line
from sidecarlib.sidecars.cloud_sql.credentials import check_credentials, check_credentials_file, check_mounted
from sidecarlib.sidecars.cloud_sql.endpoints import Endpoint, check_endpoints, endpoints
from sidecarlib.sidecars.cloud_sql.flags import SAME_NAMES, admin_api, argument_text, flag, service_account
from sidecarlib.sidecars.cloud_sql.hand_written import PROGRAM, loopback_ports
from sidecarlib.sidecars.cloud_sql.instance import CloudSqlInstance, check_routes, instances_of
from sidecarlib.sidecars.cloud_sql.own_arguments import check_own_arguments
from sidecarlib.sidecars.cloud_sql.versions import SINCE, check_gate, check_image, check_versions, version_of
from sidecarlib.sidecars.frame.options import SharedOptions, check_shared_options, shared_container
from sidecarlib.sidecars.frame.product import Product
from sidecarlib.sidecars.frame.volume_name import volume_name

__all__ = ["CloudSqlProxySidecar"]

IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"
USER = 65532
"""`USER 65532` in the Dockerfiles; `nonroot` of the distroless image, with a group of the same number."""
HEALTH_PORT = 9801
"""As in examples/k8s-health-check: applications often have the proxy's own 9090."""
LIVENESS = Probe.http("/liveness", port=HEALTH_PORT, period_seconds=10, timeout_seconds=10, failure_threshold=3)
"""As in examples/k8s-health-check and in Google's operator 1.8.1; the endpoint answers 200 as long as the process can."""
RESOURCES = Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "256Mi"})
"""Idle it uses 7 MB and next to no CPU, and 70 kB for each open connection, 42 MB for 500 [measured]. Google's examples
request 1 CPU and 2Gi."""
PROMPT_STOP_SECONDS = 1.0
BUILTIN_METRICS_SECONDS = 3.0
TELEMETRY_SECONDS = 12.0

_PORTS = ("port", "health_port", "admin_port")
_SWITCHES = (
    "private_ip", "psc", "auto_ip", "auto_iam_authn", "exit_zero_on_sigterm", "run_connection_test", "lazy_refresh",
    "structured_logs", "quiet", "debug_logs", "builtin_metrics", "prometheus", "disable_metrics", "disable_traces", "debug",
)  # fmt: skip
_HAS_NO_EFFECT_WITHOUT = {
    "prometheus_namespace": "prometheus",
    "telemetry_prefix": "telemetry_project",
    "telemetry_sample_rate": "telemetry_project",
    "disable_metrics": "telemetry_project",
    "disable_traces": "telemetry_project",
}
_TEXTS = {
    "quota_project": argument_text,
    "sqladmin_api_endpoint": admin_api,
    "universe_domain": argument_text,
    "prometheus_namespace": argument_text,
    "telemetry_project": argument_text,
    "telemetry_prefix": argument_text,
}
_NUMBERS = {"min_sigterm_delay": 0, "max_sigterm_delay": 0, "max_connections": 1, "telemetry_sample_rate": 1}
"""Option to its least value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudSqlProxySidecar(SharedOptions):
    """A proxy to one or more instances: `CloudSqlProxySidecar(["project:region:instance"])`.

    Whoever uses it starts when it listens: the gate asks `/startup` on `health_port` of the Pod's IP. That tells nothing about
    network or permissions unless `run_connection_test` is on. What is None or False by default is off in the proxy as well, but for
    `builtin_metrics`.

    - `instances`: connection names, DNS names, or `CloudSqlInstance` with options of its own. The first is at `port` of 127.0.0.1,
      each further one without a port of its own one above. The port is always written out: without it the proxy asks
      Google before it listens, and exits when there is no answer.
    - `unix_socket`: a directory for sockets in place of ports, for all instances without a port. It is an emptyDir that `mounts()`
      offers. The proxy then needs Google's API to start; killed by SIGKILL, it leaves its socket behind and cannot start
      again in that Pod [measured]: give it enough memory.
    - `private_ip`, `psc`, `auto_ip`: how to reach the instances; else by their public IP.
    - `auto_iam_authn`: databases are logged in to with the proxy's own identity.
    - `credentials_file`: a path below one of `volume_mounts`, or what another sidecar renders; None: application default
      credentials, which are Workload Identity on GKE. The file is read once, at the start. Tokens and JSON come by
      variables: `extra_env=[EnvVar.secret("CSQL_PROXY_JSON_CREDENTIALS", secret=…, key=…)]`.
    - `impersonate_service_account`: whom to act as; of several the first is the target, the last the one that the credentials
      may impersonate (internal/proxy/proxy.go; `--help` says it the other way round).
    - `health_port`: on every address, with `/startup`, `/liveness`, `/readiness`, and `/metrics` with `prometheus`; 9801 as in
      Google's examples. The default `liveness_probe` follows it.
    - `exit_zero_on_sigterm`: else 143, which a Job's `podFailurePolicy` may take for a failure.
    - `min_sigterm_delay`, `max_sigterm_delay`: seconds, for proxies that stop with the application. A native sidecar stops after it:
      the first is a plain wait; with the second, a connection that is still open makes the proxy exit with 1.
    - `quota_project`, `max_connections` (more are closed), `lazy_refresh` (certificates are fetched when they are needed),
      `sqladmin_api_endpoint` or `universe_domain`: as in the proxy.
    - `run_connection_test`: an instance that cannot be reached makes the proxy exit with 1, and Kubernetes start it again.
    - `structured_logs`: JSON with severities, as in Google's examples. `quiet`: errors alone. `debug_logs`.
    - `builtin_metrics`: since 2.27.0 the proxy sends metrics to Cloud Monitoring unless told otherwise; away from Google
      that costs 2 s at the start, and up to 3 s at the end, after a first connection [measured]. Older versions do not know the
      flag and do not get it.
    - `telemetry_project` and what belongs to it: Cloud Monitoring and Cloud Trace. `debug`: pprof on `admin_port` of loopback.
    - `volume_mounts`: files that it needs.

    `stops_within` is 1 s, 0.15 s at most measured, and what `min_sigterm_delay`, `max_sigterm_delay`, built-in metrics (3 s) and telemetry
    (12 s for each kind, the exporter's timeout) add. The image holds the proxy alone. Raises `InvalidValueError` with all that is wrong.
    """

    instances: Sequence[str | CloudSqlInstance] = field(kw_only=False)
    port: int = 5432
    unix_socket: str | None = None
    private_ip: bool = False
    psc: bool = False
    auto_ip: bool = False
    auto_iam_authn: bool = False
    credentials_file: str | RenderedFile | None = None
    impersonate_service_account: str | Sequence[str] = ()
    health_port: int = HEALTH_PORT
    exit_zero_on_sigterm: bool = True
    min_sigterm_delay: int | None = None
    max_sigterm_delay: int | None = None
    quota_project: str | None = None
    max_connections: int | None = None
    run_connection_test: bool = False
    lazy_refresh: bool = False
    sqladmin_api_endpoint: str | None = None
    universe_domain: str | None = None
    structured_logs: bool = True
    quiet: bool = False
    debug_logs: bool = False
    builtin_metrics: bool = False
    prometheus: bool = False
    prometheus_namespace: str | None = None
    telemetry_project: str | None = None
    telemetry_prefix: str | None = None
    telemetry_sample_rate: int | None = None
    disable_metrics: bool = False
    disable_traces: bool = False
    debug: bool = False
    admin_port: int = 9091
    volume_mounts: Sequence[VolumeMount] = ()
    name: str = "cloud-sql-proxy"
    image: str = IMAGE
    liveness_probe: Probe | None = LIVENESS
    resources: Resources | None = RESOURCES
    run_as_user: int | None = USER

    def __post_init__(self) -> None:
        checks = Checks(f"CloudSqlProxySidecar {self.name!r}")
        check_shared_options(checks, self)
        accounts = self.impersonate_service_account
        assign(
            self,
            instances=instances_of(checks, self.instances),
            impersonate_service_account=checks.texts(
                "impersonate_service_account", [accounts] if isinstance(accounts, str) else accounts
            ),
            volume_mounts=checks.items("volume_mounts", self.volume_mounts, VolumeMount),
        )
        check_image(checks, self.image)
        self._check_values(checks)
        self._check_combinations(checks)
        if not checks.noted:
            self._check_result(checks)
        checks.raise_if_any()
        if self.extra:
            self.container().render()  # a key that is set twice is an error here, not where the Pod is composed

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """None beyond those that its container mounts."""
        return ()

    @property
    def files(self) -> Mapping[str, str]:
        """None: flags say it all."""
        return EMPTY

    @property
    def stops_within(self) -> float | None:
        """Seconds from SIGTERM to the proxy's end, with Google gone; the class says what they stand for."""
        seconds = PROMPT_STOP_SECONDS + (self.min_sigterm_delay or 0) + (self.max_sigterm_delay or 0)
        version = version_of(self.image)
        if self.builtin_metrics or version is None:  # an unknown version is not told to leave them out
            seconds += BUILTIN_METRICS_SECONDS
        if self.telemetry_project is not None:
            seconds += TELEMETRY_SECONDS * (not self.disable_metrics) + TELEMETRY_SECONDS * (not self.disable_traces)
        return seconds

    def container(self) -> NativeSidecar:
        """The proxy, gated by its health server."""
        container = shared_container(
            self,
            args=self._arguments(),
            ports=self._ports(),
            volume_mounts=self._mounts(),
            startup_probe=Probe.http("/startup", port=self.health_port, within=60),
            run_as_group=USER,
        )
        if self.liveness_probe == LIVENESS and self.health_port != HEALTH_PORT:
            handler = {"httpGet": {"path": "/liveness", "port": self.health_port}}
            return replace(container, liveness_probe=replace(container.liveness_probe or LIVENESS, handler=handler))
        return container

    def env(
        self,
        instance: str | CloudSqlInstance | None = None,
        *,
        host: str | None = "DB_HOST",
        port: str | None = "DB_PORT",
    ) -> tuple[EnvVar, ...]:
        """Where an instance is served: its address and port, under names of one's own; None leaves one out.

        `instance` is one of `instances`; None is the first. One that is served on a socket has no port, and its `host` is the
        path of the socket: for PostgreSQL a directory, which its clients take for a host. Raises `InvalidValueError` for
        an instance that is not there, or there twice.
        """
        endpoint = self._endpoint(instance)
        values = {host: endpoint.socket} if endpoint.port is None else {host: "127.0.0.1", port: str(endpoint.port)}
        return tuple(
            EnvVar(name=name, value=value).provided_by(self.name) for name, value in values.items() if name is not None
        )

    def mounts(self) -> tuple[VolumeMount, ...]:
        """The directories of its sockets, read-only, which is enough to connect [measured]; empty where all instances have ports."""
        return tuple(volume.mount(directory, read_only=True) for directory, volume in self._socket_volumes().items())

    def _check_values(self, checks: Checks) -> None:
        for name in _PORTS:
            checks.port(name, getattr(self, name))
        for name in _SWITCHES:
            checks.flag(name, getattr(self, name))
        for name, syntax in _TEXTS.items():
            if getattr(self, name) is not None:
                checks.text(name, getattr(self, name), syntax=syntax)
        for account in self.impersonate_service_account:
            checks.text("impersonate_service_account", account, syntax=service_account)
        for name, least in _NUMBERS.items():
            checks.optional_integer(name, getattr(self, name), minimum=least)
        if self.unix_socket is not None:
            checks.path("unix_socket", self.unix_socket)
        check_credentials_file(checks, self.credentials_file)

    def _check_combinations(self, checks: Checks) -> None:
        arguments = [each for each in self.extra_args if isinstance(each, str)]
        variables = [each for each in self.extra_env if isinstance(each, EnvVar)]
        check_own_arguments(checks, arguments, variables)
        check_credentials(
            checks,
            arguments,
            variables,
            credentials_file=self.credentials_file is not None,
            auto_iam_authn=self.auto_iam_authn,
        )
        instances = [each for each in self.instances if isinstance(each, CloudSqlInstance)]
        check_routes(checks, instances, private_ip=self.private_ip, psc=self.psc, auto_ip=self.auto_ip)
        if self.universe_domain is not None and self.sqladmin_api_endpoint is not None:
            checks.add("universe_domain and sqladmin_api_endpoint", "universe_domain", "leave one of the two out")
        for name, needed in _HAS_NO_EFFECT_WITHOUT.items():
            if getattr(self, name) and not getattr(self, needed):
                checks.add(f"{name} has no effect", name, f"write {needed}=… as well")

    def _check_result(self, checks: Checks) -> None:
        others = {"health_port": self.health_port, **self._admin()}
        check_endpoints(checks, self._endpoints(), others)
        check_versions(checks, self.image, [*self._arguments(), *self.extra_args])
        check_gate(checks, self.image, self.startup_probe)
        if not self.uses and "volumeMounts" not in self.extra:
            check_mounted(checks, self.credentials_file, [each.mount_path for each in self.volume_mounts])

    def _endpoints(self) -> tuple[Endpoint, ...]:
        instances = [each for each in self.instances if isinstance(each, CloudSqlInstance)]  # all, since __post_init__
        return tuple(endpoints(instances, self.port, self.unix_socket))

    def _endpoint(self, instance: str | CloudSqlInstance | None) -> Endpoint:
        every = self._endpoints()
        found = [each for each in every if instance is None or instance in (each.instance, each.instance.name)]
        if len(found) == 1 or (found and instance is None):
            return found[0]
        known = ", ".join(repr(each.instance.name) for each in every)
        instead = "write the CloudSqlInstance itself" if found else f"write one of {known}"
        what = f"{len(found)} instances {instance!r}" if found else f"no instance {instance!r}"
        raise InvalidValueError([Problem(what, f"sidecar {self.name!r}, env", instead)])

    def _admin(self) -> dict[str, int]:
        serves = self.debug or "quitquitquit" in read_command_line(self.extra_args).flags
        return {"admin_port": self.admin_port} if serves else {}

    def _arguments(self) -> list[str]:
        every = self._endpoints()
        flags: dict[str, Any] = {"health-check": True, "http-address": "0.0.0.0", "http-port": self.health_port}  # noqa: S104 - the kubelet dials the Pod's IP
        flags |= {name.replace("_", "-"): getattr(self, name) for name in SAME_NAMES}
        version = version_of(self.image)
        if self.builtin_metrics or (version is not None and version >= SINCE["enable-builtin-metrics"]):
            flags["enable-builtin-metrics"] = str(self.builtin_metrics).lower()
        for delay in ("min-sigterm-delay", "max-sigterm-delay"):
            flags[delay] = None if flags[delay] is None else f"{flags[delay]}s"
        flags["impersonate-service-account"] = ",".join(self.impersonate_service_account) or None
        flags["unix-socket"] = None  # written for each instance: beside it the proxy refuses --port
        flags["admin-port"] = self._admin().get("admin_port")
        if all(each.port is None or each.instance.port is not None for each in every):
            flags["port"] = None
        written = [flag(name, value) for name, value in flags.items() if value is not None and value is not False]
        return [*written, *(each.argument() for each in every)]

    def _ports(self) -> list[ContainerPort]:
        """Named by their numbers: the API server warns of a name that two containers have."""
        numbers = [each.port for each in self._endpoints() if each.port is not None]
        numbers += [self.health_port, *self._admin().values()]
        return [ContainerPort(container_port=number, name=f"csql-{number}") for number in numbers]

    def _mounts(self) -> tuple[VolumeMount, ...]:
        file = self.credentials_file
        mounts = [file.mount()] if isinstance(file, RenderedFile) else []
        mounts += [volume.mount(directory) for directory, volume in self._socket_volumes().items()]
        return tuple(dict.fromkeys([*mounts, *self.volume_mounts]))

    def _socket_volumes(self) -> dict[str, Volume]:
        """Each directory of sockets with its emptyDir."""
        directories = dict.fromkeys(each.directory for each in self._endpoints() if each.directory is not None)
        return {
            directory: Volume.empty_dir(
                volume_name(self.name, "sockets" if number == 1 else f"sockets-{number}")
            ).provided_by(self.name)
            for number, directory in enumerate(directories, start=1)
        }


PRODUCT = Product(
    name="Cloud SQL Auth Proxy",
    repositories=("cloud-sql-connectors/cloud-sql-proxy",),
    only_programs=(PROGRAM,),
    full_tags=("alpine", "bookworm", "bullseye", "buster"),
    loopback_ports=loopback_ports,
)
