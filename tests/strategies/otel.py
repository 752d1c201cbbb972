"""Options of the OpenTelemetry collector."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sidecarlib import OtelPipeline
from tests.strategies.containers import Surroundings
from tests.strategies.words import some_of

HTTP = {"endpoint": "https://otel.example.com"}
GRPC = {"endpoint": "otel.example.com:4317", "tls": {"insecure": True}}
EXPORTERS = st.sampled_from(
    [
        {"otlp_http": HTTP},
        {"otlp_grpc": GRPC, "debug": {"verbosity": "detailed"}},
        {"otlp_http/a": {**HTTP, "timeout": None}, "otlp_http/b": {**HTTP, "headers": {"x-team": "ü"}}},
        {"debug": None},
    ]
)
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "processors": st.sampled_from(
        [{"batch": None}, {"resource": {"attributes": [{"key": "a", "value": "$$", "action": "upsert"}]}}]
    ),
    "extensions": st.just({"zpages": None}),
    "grpc_port": st.integers(14317, 14320),
    "metrics_port": st.none() | st.integers(18888, 18890),
    "memory_limiter": st.none(),
    "go_memory_limit_percentage": st.none() | st.integers(50, 90),
    "log_level": st.sampled_from(["debug", "warn"]),
    "telemetry": st.just({"resource": {"service.name": "collector"}}),
}
RECEIVERS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"pipelines": {"traces": OtelPipeline(), "traces/2": OtelPipeline(receivers=["otlp"], processors=[])}},
        {
            "receivers": {"zipkin": {"endpoint": "127.0.0.1:9411"}},
            "pipelines": {
                "traces": OtelPipeline(receivers=["zipkin", "otlp"]),
                "logs": OtelPipeline(receivers=["otlp"]),
            },
        },
    ]
)
OWN_CONFIGURATION = """\
receivers: {otlp: {protocols: {http: {endpoint: 127.0.0.1:4318}}}}
exporters: {debug: {}}
extensions: {health_check: {endpoint: "0.0.0.0:13133"}}
service:
  extensions: [health_check]
  pipelines: {traces: {receivers: [otlp], exporters: [debug]}}
"""


@st.composite
def otel_options(draw: st.DrawFn, _around: Surroundings) -> dict[str, Any]:
    """Components and settings, or a whole configuration as text."""
    if draw(st.integers(0, 4)) == 0:
        return {"config": OWN_CONFIGURATION}
    return {"exporters": draw(EXPORTERS), **draw(some_of(OPTIONS)), **draw(RECEIVERS)}
