"""What a configuration of the collector listens on.

Ports where an endpoint is missing are the collector's defaults, on loopback since version 0.104 (measured with 0.165.0 for
OTLP, health_check and its own metrics; READMEs of the others).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.sidecars.otel.settings import component_type, names, section

HEALTH = "health"
METRICS = "metrics"
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
    """A port that the collector binds; `port` is None where the configuration hides it behind a variable."""

    component: str
    port: int | None
    name: str | None = None
    protocol: str = "TCP"
    loopback: bool = True
    tls: bool = False
    plain: bool = True
    """Whether a health check answers any plain HTTP request: no `tls`, no `path`."""


def listeners(configuration: Mapping[str, Any]) -> tuple[Listener, ...]:
    """Everything that the active components are known to listen on."""
    pipelines = [section(parts) for parts in section(configuration, "service", "pipelines").values()]
    active = {
        kind: dict.fromkeys(name for parts in pipelines for name in names(parts.get(kind)))
        for kind in ("receivers", "exporters")
    }
    extensions = dict.fromkeys(names(section(configuration, "service").get("extensions")))
    return (
        *_of_receivers(section(configuration, "receivers"), active["receivers"]),
        *_of_extensions(section(configuration, "extensions"), extensions),
        *_of_exporters(section(configuration, "exporters"), active["exporters"]),
        *_of_metrics(section(configuration, "service", "telemetry", "metrics")),
    )


def _of_receivers(receivers: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[Listener]:
    for receiver in receivers:
        for path, port, protocol, name in _RECEIVERS.get(component_type(receiver), ()):
            parent = section(receivers, receiver, *path[:-1])
            if receiver in active and (not path or path[-1] in parent):
                yield _listener(receiver, section(receivers, receiver, *path), port, name=name, protocol=protocol)


def _of_extensions(extensions: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[Listener]:
    for extension in extensions:
        if extension in active and component_type(extension) in _EXTENSIONS:
            port, name = _EXTENSIONS[component_type(extension)]
            yield _listener(extension, section(extensions, extension), port, name=name)


def _of_exporters(exporters: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[Listener]:
    for exporter in exporters:
        own = section(exporters, exporter)
        if exporter in active and component_type(exporter) == "prometheus" and "endpoint" in own:
            yield _listener(exporter, own, None)


def _of_metrics(metrics: Mapping[str, Any]) -> Iterator[Listener]:
    if metrics.get("level") == "none":
        return
    if "readers" not in metrics:
        yield _listener("own metrics", {"endpoint": metrics.get("address")}, 8888, name=METRICS)
        return
    for reader in metrics.get("readers") or ():
        prometheus = section(reader, "pull", "exporter", "prometheus")
        if prometheus:
            endpoint = f"{prometheus.get('host', 'localhost')}:{prometheus.get('port')}"
            yield _listener("own metrics", {"endpoint": endpoint}, None, name=METRICS)


def _listener(
    component: str, own: Mapping[str, Any], port: int | None, *, name: str | None = None, protocol: str = "TCP"
) -> Listener:
    endpoint = own.get("endpoint")
    plain = not own.get("tls") and own.get("path") in {None, "/"}
    host = "localhost"
    if endpoint is not None:
        host, _, digits = str(endpoint).rpartition(":")
        port = int(digits) if digits.isdecimal() else None
    loopback = host == "localhost" or host.startswith("127.") or host in {"[::1]", "::1"}
    return Listener(
        component=component,
        port=port,
        name=name,
        protocol=protocol,
        loopback=loopback,
        tls=bool(own.get("tls")),
        plain=plain,
    )
