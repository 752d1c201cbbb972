"""The collector's configuration: built from the sidecar's options, or the user's own as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import EMPTY
from sidecarlib.sidecars.otel.exporters import with_defaults
from sidecarlib.sidecars.otel.pipeline import SIGNALS, OtelPipeline
from sidecarlib.sidecars.otel.settings import overlay, plain

LOOPBACK = "127.0.0.1"
DEFAULT_METRICS_PORT = 8888


def built(
    *,
    receivers: Mapping[str, Any],
    processors: Mapping[str, Any],
    exporters: Mapping[str, Any],
    connectors: Mapping[str, Any],
    extensions: Mapping[str, Any],
    pipelines: Mapping[str, OtelPipeline] | None,
    telemetry: Mapping[str, Any],
    grpc_port: int | None,
    http_port: int | None,
    health_port: int | None,
    memory_limiter: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """A whole configuration: our receivers, limiter and health check, each below what the user wrote under the same name."""
    protocols = {"grpc": grpc_port, "http": http_port}
    listening = {name: {"endpoint": f"{LOOPBACK}:{port}"} for name, port in protocols.items() if port is not None}
    health = {} if health_port is None else {"health_check": {"endpoint": f"0.0.0.0:{health_port}"}}
    limiter = {} if memory_limiter is None else {"memory_limiter": overlay({"check_interval": "1s"}, memory_limiter)}
    configuration: dict[str, Any] = {
        "extensions": overlay(health, plain(extensions)),
        "receivers": overlay({"otlp": {"protocols": listening}} if listening else {}, plain(receivers)),
        "processors": {**limiter, **plain(processors)},
        "exporters": {exporter: with_defaults(exporter, settings) for exporter, settings in exporters.items()},
        "connectors": plain(connectors),
    }
    all_components = {kind: tuple(configuration[kind]) for kind in ("receivers", "processors", "exporters")}
    wanted = dict.fromkeys(SIGNALS, OtelPipeline()) if pipelines is None else pipelines
    configuration["service"] = {
        "extensions": list(configuration["extensions"]),
        "telemetry": plain(telemetry),
        "pipelines": {name: pipeline.render(**all_components) for name, pipeline in wanted.items()},
    }
    configuration["service"] = {key: value for key, value in configuration["service"].items() if value}
    return {key: value for key, value in configuration.items() if value}


def telemetry_settings(
    own: Mapping[str, Any], *, metrics_port: int | None, metrics_host: str, log_level: str | None
) -> dict[str, Any]:
    """The `service.telemetry`: nothing where the collector's defaults say the same, the user's own on top."""
    base: dict[str, Any] = {}
    if log_level is not None:
        base["logs"] = {"level": log_level}
    if metrics_port is None:
        base["metrics"] = {"level": "none"}
    elif (metrics_host, metrics_port) != (LOOPBACK, DEFAULT_METRICS_PORT):
        prometheus = {"host": metrics_host, "port": metrics_port}
        base["metrics"] = {"readers": [{"pull": {"exporter": {"prometheus": prometheus}}}]}
    return overlay(base, plain(own))


def parsed(checks: Checks, text: str) -> Mapping[str, Any]:
    """A configuration written as YAML, every scalar as text; what cannot be read is noted."""
    import yaml  # noqa: PLC0415 - reading it costs a fifth of the time that importing sidecarlib may take

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - this loader makes text alone
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f" in line {mark.line + 1}"
        checks.add(f"no YAML: {getattr(error, 'problem', None) or error}{line}", "config", "write one YAML mapping")
        return EMPTY
    if not isinstance(found, Mapping):
        checks.add("the text is no mapping", "config", "write receivers, exporters, service and so on as YAML")
        return EMPTY
    return found
