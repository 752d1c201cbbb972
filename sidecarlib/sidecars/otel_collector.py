"""OpenTelemetry Collector: takes the application's telemetry on loopback and sends it on.

Checked with version 0.165.0 (otelcol-contrib). https://opentelemetry.io/docs/collector/configuration/,
https://github.com/open-telemetry/opentelemetry-collector-releases (what each image holds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.container_port import ContainerPort, container_ports
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.frozen import EMPTY, FrozenMap, freeze
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.resources import Resources
from sidecarlib.model.volume import Volume, VolumeMount
from sidecarlib.sidecars.frame.block_yaml import block_yaml
from sidecarlib.sidecars.frame.options import SharedOptions, check_shared_options, shared_container
from sidecarlib.sidecars.frame.product import Product
from sidecarlib.sidecars.otel.application import application_env
from sidecarlib.sidecars.otel.configuration import built, parsed, telemetry_settings
from sidecarlib.sidecars.otel.distribution import PROGRAMS, REPOSITORIES, check_distribution, default_metrics_host
from sidecarlib.sidecars.otel.exporters import check_exporters, stop_seconds
from sidecarlib.sidecars.otel.hand_written import loopback_ports
from sidecarlib.sidecars.otel.health import check_gate, check_probe
from sidecarlib.sidecars.otel.listeners import HEALTH, Listener, check_listeners, declared_ports, listeners
from sidecarlib.sidecars.otel.pipeline import (
    PROFILES_GATE,
    OtelPipeline,
    check_default_pipelines,
    check_pipelines,
    frozen_pipelines,
)
from sidecarlib.sidecars.otel.settings import components, plain, rendered_files, settings
from sidecarlib.sidecars.otel.surroundings import (
    check_credentials,
    check_memory_share,
    check_variables,
    go_memory_limit,
)

__all__ = ["OtelSidecar"]

IMAGE = "otel/opentelemetry-collector-contrib:0.165.0"
USER = 10001
"""`USER 10001:10001` in the Dockerfile of every distribution."""
CONFIG_FILE = "/etc/otelcol-sidecar/config.yaml"
"""A folder that no image has: theirs, /etc/otelcol and /etc/otelcol-contrib, stay visible."""
MEMORY_LIMITER: FrozenMap[Any] = FrozenMap({"check_interval": "1s", "limit_percentage": 75})
RESOURCES = Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "256Mi"})
GATE = Probe.http("/", port=HEALTH, within=60)
LIVENESS = Probe.http("/", port=HEALTH, period_seconds=10, timeout_seconds=5, failure_threshold=3)

_BUILT_FROM = (
    "exporters", "receivers", "processors", "connectors", "extensions", "pipelines", "grpc_port", "http_port",
    "health_port", "metrics_port", "metrics_host", "memory_limiter", "log_level", "telemetry",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OtelSidecar(SharedOptions):
    """A collector beside the application: `OtelSidecar(exporters={"otlp_http": {"endpoint": "https://otel.example.com"}})`.

    Components are mappings of an id (`type` or `type/name`) to settings as the collector's documentation has them; a
    `RenderedFile` among them is mounted. What is written here lies on top of the sidecar's own settings of the same component.
    `${env:NAME}` is the container's variable NAME (give it with `extra_env`), a literal `$` is written `$$`.

    - `exporters`: at least one. The OTLP exporters get `timeout: 2s` and a queue of 81,920 items that leaves in batches, so that
      a silent backend holds the stop for 4 s a signal at most (measured: 2.4 s); None for a setting leaves the collector's own.
    - `receivers`: beside OTLP on 127.0.0.1 at `grpc_port` and `http_port` (None: not), the ports of the specification.
    - `processors`, in their order, behind the memory limiter; `connectors`; `extensions`, all of which are started.
    - `pipelines`: a name to `OtelPipeline`. None: traces, metrics and logs, from all receivers through all processors to all exporters.
    - `health_port`: the health check on every address, where the kubelet reaches it. `metrics_port` (None: off) on
      `metrics_host`: the collector's own metrics, 127.0.0.1:8888 as in the collector. A second collector needs other ports.
    - `memory_limiter`: 75 % of the container's memory, looked at each second as its README advises; the process takes some
      50 MiB beyond. None: no limiter.
      `go_memory_limit_percentage`: GOMEMLIMIT as a share of the memory limit, 80 in the same README; None: not set.
    - `log_level`: debug, info, warn or error; None: info. `telemetry`: the rest of `service.telemetry`.
    - `config`: a whole configuration of your own, a mapping or YAML text, in place of all options above.
    - `ports`: what your own components listen on, beyond what the sidecar can read. `volume_mounts`: files that they need.

    The image is `FROM scratch`: nothing can be executed in it. Raises `InvalidValueError` with all that is wrong.
    """

    exporters: Mapping[str, Mapping[str, Any] | None] = EMPTY
    receivers: Mapping[str, Mapping[str, Any] | None] = EMPTY
    processors: Mapping[str, Mapping[str, Any] | None] = EMPTY
    connectors: Mapping[str, Mapping[str, Any] | None] = EMPTY
    extensions: Mapping[str, Mapping[str, Any] | None] = EMPTY
    pipelines: Mapping[str, OtelPipeline] | None = None
    grpc_port: int | None = 4317
    http_port: int | None = 4318
    health_port: int | None = 13133
    metrics_port: int | None = 8888
    metrics_host: str = "127.0.0.1"
    memory_limiter: Mapping[str, Any] | None = MEMORY_LIMITER
    go_memory_limit_percentage: int | None = 80
    log_level: str | None = None
    telemetry: Mapping[str, Any] = EMPTY
    config: Mapping[str, Any] | str | None = None
    ports: Sequence[ContainerPort | int] = ()
    volume_mounts: Sequence[VolumeMount] = ()
    name: str = "otel-collector"
    image: str = IMAGE
    liveness_probe: Probe | None = LIVENESS
    resources: Resources | None = RESOURCES
    run_as_user: int | None = USER
    _configuration: Mapping[str, Any] = field(init=False, repr=False, compare=False)
    _found: tuple[Listener, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = Checks(f"OtelSidecar {self.name!r}")
        check_shared_options(checks, self)
        for port in ("grpc_port", "http_port", "health_port", "metrics_port"):
            if getattr(self, port) is not None:
                checks.port(port, getattr(self, port))
        checks.text("metrics_host", self.metrics_host)
        checks.choice("log_level", self.log_level, ("debug", "info", "warn", "error"))
        checks.optional_integer("go_memory_limit_percentage", self.go_memory_limit_percentage, minimum=1, maximum=100)
        for kind in ("exporters", "receivers", "processors", "connectors", "extensions"):
            assign(self, **{kind: components(checks, kind, getattr(self, kind))})
        assign(
            self,
            telemetry=settings(checks, "telemetry", self.telemetry),
            ports=container_ports(checks, self.ports),
            volume_mounts=checks.items("volume_mounts", self.volume_mounts, VolumeMount),
        )
        if self.memory_limiter is not None:
            assign(self, memory_limiter=settings(checks, "memory_limiter", self.memory_limiter))
        if self.pipelines is not None:
            assign(self, pipelines=frozen_pipelines(checks, self.pipelines))
        if self.config is not None and not isinstance(self.config, str):
            assign(self, config=settings(checks, "config", self.config))
        checks.raise_if_any()
        configuration = self._read() if self.config is not None else self._build()
        assign(self, _configuration=freeze(configuration, f"OtelSidecar {self.name!r}, config"))
        assign(self, _found=listeners(self._configuration, metrics_host=default_metrics_host(self.image)))
        self._check_configuration()

    def _build(self) -> dict[str, Any]:
        checks = Checks(f"OtelSidecar {self.name!r}")
        if not self.exporters:
            checks.add("no exporter", "exporters", 'write {"otlp_http": {"endpoint": "https://…"}}')
        if self.memory_limiter is not None and "memory_limiter" in self.processors:
            checks.add("memory_limiter is written twice", "processors", "write it as memory_limiter={…} alone")
        checks.raise_if_any()
        return built(
            receivers=self.receivers,
            processors=self.processors,
            exporters=self.exporters,
            connectors=self.connectors,
            extensions=self.extensions,
            pipelines=self.pipelines,
            telemetry=telemetry_settings(
                self.telemetry,
                metrics_port=self.metrics_port,
                metrics_host=self.metrics_host,
                log_level=self.log_level,
            ),
            grpc_port=self.grpc_port,
            http_port=self.http_port,
            health_port=self.health_port,
            memory_limiter=self.memory_limiter,
        )

    def _read(self) -> Mapping[str, Any]:
        checks = Checks(f"OtelSidecar {self.name!r}")
        for option in fields(self):
            if option.name in _BUILT_FROM and getattr(self, option.name) != option.default:
                checks.add("an option beside a whole configuration", option.name, "write it into config")
        configuration = parsed(checks, self.config) if isinstance(self.config, str) else plain(self.config)
        checks.raise_if_any()
        return dict(configuration)

    def _check_configuration(self) -> None:
        checks = Checks(f"OtelSidecar {self.name!r}")
        configuration, found = self._configuration, self._found
        if self.config is None and self.pipelines is None:
            check_default_pipelines(checks, configuration)
        check_pipelines(checks, configuration, profiles=any(PROFILES_GATE in argument for argument in self.extra_args))
        check_exporters(checks, configuration)
        check_listeners(checks, found)
        check_gate(
            checks,
            configuration,
            found,
            gate=self.startup_probe is None,
            liveness=self.liveness_probe == LIVENESS,
        )
        check_probe(checks, "startup_probe", self.startup_probe, found)
        check_probe(checks, "liveness_probe", self.liveness_probe, found)
        check_distribution(checks, self.image, configuration)
        check_credentials(checks, configuration)
        check_memory_share(checks, configuration, self.resources)
        own = [variable.name for variable in self.extra_env if isinstance(variable, EnvVar)]
        if "GOMEMLIMIT" in own and self.go_memory_limit_percentage is not None:
            checks.add("GOMEMLIMIT is written twice", "extra_env", "write go_memory_limit_percentage=None as well")
        if not self.uses and not self.extra.keys() & {"env", "envFrom"}:
            check_variables(checks, configuration, [*own, "GOMEMLIMIT"])
        checks.raise_if_any()

    def container(self) -> NativeSidecar:
        """The collector, gated by its health check."""
        files = [file.mount() for each in self._settings() for file in rendered_files(each)]
        return shared_container(
            self,
            args=(f"--config=file:{CONFIG_FILE}",),
            env=go_memory_limit(self.resources, self.go_memory_limit_percentage),
            ports=declared_ports(self._found, container_ports(Checks(self.name), self.ports)),
            volume_mounts=tuple(dict.fromkeys([*files, *self.volume_mounts])),
            startup_probe=GATE,
            run_as_group=USER,
        )

    def env(
        self,
        *,
        protocol: str | None = None,
        service_name: str | None = None,
        resource_attributes: Mapping[str, str] = EMPTY,
        pod_attributes: bool = True,
    ) -> tuple[EnvVar, ...]:
        """What an application's SDK needs: endpoint and protocol, its service name, and whose Pod it runs in.

        `protocol` is `http/protobuf` or `grpc`; None takes http/protobuf where the collector receives it, grpc else.
        `pod_attributes` are k8s.pod.name, k8s.pod.uid, k8s.namespace.name and k8s.node.name. The values of
        `resource_attributes` are percent-encoded as the specification asks. Empty for a collector that receives no OTLP.
        Raises `InvalidValueError` for a protocol that it does not receive.
        """
        return application_env(
            self._found,
            provider=self.name,
            protocol=protocol,
            service_name=service_name,
            resource_attributes=resource_attributes,
            pod_attributes=pod_attributes,
        )

    @property
    def configuration(self) -> Mapping[str, Any]:
        """The whole configuration as the collector gets it; every scalar as text where it was written as YAML text."""
        return self._configuration

    @property
    def files(self) -> Mapping[str, str]:
        """The configuration file: YAML in a fixed order, or the user's own text as it is."""
        text = self.config if isinstance(self.config, str) else block_yaml(self._configuration)
        return FrozenMap({CONFIG_FILE: text})

    @property
    def volumes(self) -> Sequence[Volume]:
        """None beside the configuration: the collector writes nothing."""
        return ()

    @property
    def stops_within(self) -> float | None:
        """The worst case with every backend silent: the exporters end one after the other, once for every signal."""
        return stop_seconds(self._configuration)

    def _settings(self) -> tuple[Any, ...]:
        return (
            *(self.receivers, self.processors, self.exporters, self.connectors, self.extensions, self.telemetry),
            self.memory_limiter,
            self.config,
        )


PRODUCT = Product(
    name="OpenTelemetry Collector",
    repositories=REPOSITORIES,
    only_programs=PROGRAMS,
    loopback_ports=loopback_ports,
)
