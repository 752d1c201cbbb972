"""Collectors to test, and what they become."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sidecarlib import InvalidValueError
from sidecarlib.sidecars.otel_collector import CONFIG_FILE, OtelSidecar

URL = "https://otel.example.com"
OTLP = {"otlp_http": {"endpoint": URL}}
SAFE_QUEUE = {"sizer": "items", "queue_size": 81920, "batch": {"flush_timeout": "200ms", "min_size": 8192}}


def otel(**options: Any) -> OtelSidecar:
    """A collector that sends to one backend, with further options."""
    return OtelSidecar(**{"exporters": OTLP, **options})


def exporting(**settings: Any) -> OtelSidecar:
    """A collector whose one exporter has these further settings."""
    return otel(exporters={"otlp_http": {"endpoint": URL, **settings}})


def configured(**options: Any) -> dict[str, Any]:
    """The configuration file of a collector, read back."""
    read: dict[str, Any] = yaml.safe_load(otel(**options).files[CONFIG_FILE])
    return read


def exporter(**settings: Any) -> dict[str, Any]:
    """What one OTLP exporter is told in the end."""
    read: dict[str, Any] = yaml.safe_load(exporting(**settings).files[CONFIG_FILE])["exporters"]["otlp_http"]
    return read


def rendered(**options: Any) -> dict[str, Any]:
    """The container of a collector."""
    return otel(**options).container().render()


def ports(**options: Any) -> dict[str | None, int]:
    """The named ports of a collector."""
    return {port.get("name"): port["containerPort"] for port in rendered(**options)["ports"]}


def problems(**options: Any) -> list[str]:
    """What a collector with these options is refused for."""
    with pytest.raises(InvalidValueError) as raised:
        otel(**options)
    return [str(problem) for problem in raised.value.problems]


def problem(**options: Any) -> str:
    """The one thing that a collector with these options is refused for."""
    (found,) = problems(**options)
    return found


def own(**changes: Any) -> dict[str, Any]:
    """A whole configuration of somebody's own, with parts replaced."""
    return {
        "receivers": {"otlp": {"protocols": {"grpc": None, "http": {"endpoint": "127.0.0.1:14318"}}}},
        "exporters": {"otlp_http": {"endpoint": URL, "timeout": "1s"}},
        "extensions": {"health_check": {"endpoint": "0.0.0.0:14133"}},
        "service": {
            "extensions": ["health_check"],
            "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["otlp_http"]}},
        },
        **changes,
    }
