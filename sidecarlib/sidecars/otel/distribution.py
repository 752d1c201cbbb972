"""The images that the collector is published in, and what they hold.

Source: github.com/open-telemetry/opentelemetry-collector-releases, `distributions/*/Dockerfile` and `manifest.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.image import repository, tag
from sidecarlib.sidecars.otel.listeners import LOCALHOST
from sidecarlib.sidecars.otel.settings import component_type, section

_VERSION = re.compile(r"v?(\d+)\.(\d+)\b")
_METRICS_ON_LOOPBACK_SINCE = (0, 111)
"""The gate telemetry.UseLocalHostAsDefaultMetricsAddress came with it (open-telemetry/opentelemetry-collector#11251)."""
_CORE = "opentelemetry-collector"
_OTLP = "opentelemetry-collector-otlp"
DISTRIBUTIONS = (_CORE, "opentelemetry-collector-contrib", "opentelemetry-collector-k8s", _OTLP)
REPOSITORIES = (
    *(f"otel/{name}" for name in DISTRIBUTIONS),
    *(f"open-telemetry/opentelemetry-collector-releases/{name}" for name in DISTRIBUTIONS),
)
PROGRAMS = ("otelcol", "otelcol-contrib", "otelcol-k8s", "otelcol-otlp")
"""All of them are `FROM scratch` with one of these programs."""

_OF_OTLP = {"receivers": {"otlp"}, "exporters": {"otlp", "otlp_grpc", "otlp_http", "otlphttp"}}
_OPTIONS = {"memory_limiter": "memory_limiter=None", "health_check": "health_port=None"}


def older_than(image: str, version: tuple[int, int]) -> bool:
    """Whether the image's tag tells a version before this one; a tag that tells none counts as new."""
    found = _VERSION.match(tag(image) or "")
    return found is not None and (int(found[1]), int(found[2])) < version


def default_metrics_host(image: str) -> str:
    """Where the collector serves its own metrics unless it is told: empty for all addresses."""
    return "" if older_than(image, _METRICS_ON_LOOPBACK_SINCE) else LOCALHOST


def has_demonstration(image: str) -> bool:
    """Whether the image brings a configuration that runs when it is given none: that of core and contrib does."""
    return repository(image).endswith((f"/{_CORE}", "/opentelemetry-collector-contrib"))


def check_distribution(checks: Checks, image: str, configuration: Mapping[str, Any]) -> None:
    """Notes components that the smallest distribution lacks: it has OTLP alone, no health check and no memory limiter."""
    if not repository(image).endswith(f"/{_OTLP}"):
        return
    for kind in ("receivers", "processors", "exporters", "connectors", "extensions"):
        for component in section(configuration, kind):
            if component_type(component) not in _OF_OTLP.get(kind, ()):
                option = _OPTIONS.get(component)
                checks.add(
                    f"{_OTLP} has no {component_type(component)!r}",
                    kind,
                    f"write {option}, or take another image" if option else "take it away, or take another image",
                )
