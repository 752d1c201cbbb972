"""What a configuration of the collector listens on.

Ports where an endpoint is missing are the collector's defaults, on loopback since version 0.104, its own metrics since
0.111 (collector#11251; measured with 0.165.0 for OTLP, health_check and its own metrics; READMEs of the others).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.container_port import ContainerPort
from sidecarlib.sidecars.otel.settings import component_type, names, section

HEALTH = "health"
METRICS = "metrics"
LOCALHOST = "localhost"
OTLP_GRPC = "otlp-grpc"
OTLP_HTTP = "otlp-http"

_RECEIVERS: dict[str, tuple[tuple[tuple[str, ...], int, str, str | None], ...]] = {
    "otlp": ((("protocols", "grpc"), 4317, "TCP", OTLP_GRPC), (("protocols", "http"), 4318, "TCP", OTLP_HTTP)),
    "jaeger": (
        (("protocols", "grpc"), 14250, "TCP", None),
        (("protocols", "thrift_http"), 14268, "TCP", None),
        (("protocols", "thrift_compact"), 6831, "UDP", None),
        (("protocols", "thrift_binary"), 6832, "UDP", None),
    ),
    "zipkin": (((), 9411, "TCP", None),),
}
"""Receivers that are known to listen: where their endpoint stands, its default port, its name among our ports."""

_EXTENSIONS = {"health_check": (13133, HEALTH), "zpages": (55679, None), "pprof": (1777, None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A port that the collector binds; `port` is None where the configuration hides it behind a variable.

    `tls` and `path` tell what a health check answers to.
    """

    component: str
    port: int | None
    host: str = LOCALHOST
    name: str | None = None
    protocol: str = "TCP"
    tls: bool = False
    path: str = "/"

    @property
    def on_loopback(self) -> bool:
        """Whether nobody outside the Pod reaches it, the kubelet included."""
        return self.host in {LOCALHOST, "[::1]", "::1"} or self.host.startswith("127.")

    @property
    def answers_locally(self) -> bool:
        """Whether it is reached at 127.0.0.1."""
        return self.host in {LOCALHOST, "0.0.0.0", "[::]", ""} or self.host.startswith("127.")  # noqa: S104


def listeners(configuration: Mapping[str, Any], *, metrics_host: str = LOCALHOST) -> tuple[Listener, ...]:
    """Everything that the active components are known to listen on; `metrics_host` is the version's default for its own."""
    pipelines = [section(parts) for parts in section(configuration, "service", "pipelines").values()]
    active = {
        kind: dict.fromkeys(name for parts in pipelines for name in names(parts.get(kind)))
        for kind in ("receivers", "exporters")
    }
    return (
        *_of_receivers(section(configuration, "receivers"), active["receivers"]),
        *_of_extensions(configuration, names(section(configuration, "service").get("extensions"))),
        *_of_exporters(section(configuration, "exporters"), active["exporters"]),
        *_of_metrics(_readable(configuration, "service", "telemetry", "metrics"), metrics_host),
    )


def check_listeners(checks: Checks, found: Sequence[Listener]) -> None:
    """Notes every port that two components of the collector would bind: it ends with exit code 1."""
    taken: dict[tuple[int | None, str], str] = {}
    for listener in found:
        if listener.port is not None:
            checks.port(f"the port of {listener.component}", listener.port)
        other = taken.setdefault((listener.port, listener.protocol), listener.name or listener.component)
        if listener.port is not None and other != (listener.name or listener.component):
            checks.add(
                f"port {listener.port} is bound by {other} and by {listener.name or listener.component}",
                "ports",
                "give one of them another port",
            )


def declared_ports(found: Sequence[Listener], further: Sequence[ContainerPort]) -> tuple[ContainerPort, ...]:
    """The ports of a container that binds all this: each once, a name only where nobody else has it."""
    taken = {(port.container_port, port.protocol) for port in further}
    named: set[str | None] = {port.name for port in further}
    bound: list[ContainerPort] = []
    for each in found:
        if each.port is None or (each.port, each.protocol) in taken:
            continue
        name = None if each.name in named else each.name
        bound.append(ContainerPort(container_port=each.port, name=name, protocol=each.protocol))
        taken.add((each.port, each.protocol))
        named.add(each.name)
    return (*bound, *further)


def _readable(value: Any, *path: str) -> Mapping[str, Any] | None:
    """The settings at a path, None where a variable stands in place of them."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str) and "${" in value:
            return None
    return section(value)


def _of_receivers(receivers: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[Listener]:
    for receiver in receivers:
        for path, port, protocol, name in _RECEIVERS.get(component_type(receiver), ()):
            parent = section(receivers, receiver, *path[:-1])
            if receiver in active and (not path or path[-1] in parent):
                yield _listener(receiver, _readable(receivers, receiver, *path), port, name=name, protocol=protocol)


def _of_extensions(configuration: Mapping[str, Any], active: Sequence[str]) -> Iterator[Listener]:
    for extension in section(configuration, "extensions"):
        if extension in active and component_type(extension) in _EXTENSIONS:
            port, name = _EXTENSIONS[component_type(extension)]
            yield _listener(extension, _readable(configuration, "extensions", extension), port, name=name)


def _of_exporters(exporters: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[Listener]:
    for exporter in exporters:
        own = section(exporters, exporter)
        if exporter in active and component_type(exporter) == "prometheus" and "endpoint" in own:
            yield _listener(exporter, own, None)


def _of_metrics(metrics: Mapping[str, Any] | None, default_host: str) -> Iterator[Listener]:
    if metrics is None or metrics.get("level") == "none":
        return
    if "readers" not in metrics:
        endpoint = metrics.get("address") or f"{default_host}:8888"
        yield _listener("own metrics", {"endpoint": endpoint}, None, name=METRICS)
        return
    readers = metrics["readers"]
    for reader in readers if isinstance(readers, (list, tuple)) else ():
        prometheus = section(reader, "pull", "exporter", "prometheus")
        if prometheus:
            endpoint = f"{prometheus.get('host', default_host)}:{prometheus.get('port')}"
            yield _listener("own metrics", {"endpoint": endpoint}, None, name=METRICS)


def _listener(
    component: str, own: Mapping[str, Any] | None, port: int | None, *, name: str | None = None, protocol: str = "TCP"
) -> Listener:
    if own is None:
        return Listener(component=component, port=None, host="${…}", name=name, protocol=protocol)
    host = LOCALHOST
    if own.get("endpoint"):
        host, _, digits = str(own["endpoint"]).rpartition(":")
        port = int(digits) if digits.isdecimal() else None
    return Listener(
        component=component,
        port=port,
        host=host,
        name=name,
        protocol=protocol,
        tls=bool(own.get("tls")),
        path=str(own.get("path") or "/"),
    )
