"""What the real collector says of the configurations."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sidecarlib.sidecars.otel.pipeline import OtelPipeline
from sidecarlib.sidecars.otel_collector import CONFIG_FILE
from tests.sidecars.otel.collectors import URL, otel, own

PROGRAM = shutil.which("otelcol-contrib") or shutil.which("otelcol")


@pytest.mark.skipif(PROGRAM is None, reason="needs otelcol-contrib or otelcol on PATH")
class TestRealProgram:
    """What the collector itself says; runs where the program is at hand."""

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"exporters": {"otlp_grpc": {"endpoint": "otel:4317", "tls": {"insecure": True}}}},
            {"exporters": {"debug": {"verbosity": "detailed"}}, "metrics_port": None, "log_level": "debug"},
            {"grpc_port": None, "http_port": 14318, "health_port": 14133, "metrics_port": 18888},
            {
                "processors": {
                    "batch": None,
                    "resource": {"attributes": [{"key": "y", "value": "1e3", "action": "insert"}]},
                }
            },
            {"memory_limiter": {"limit_mib": 200}, "resources": None},
            {"memory_limiter": None, "telemetry": {"logs": {"encoding": "json"}}},
            {"pipelines": {"traces": OtelPipeline(), "logs/2": OtelPipeline(processors=[])}},
            {"exporters": {"otlp_http": {"endpoint": URL, "timeout": None, "sending_queue": None}}},
            {"exporters": {"otlp_http": {"endpoint": URL, "sending_queue": {"batch": None}}}},
            {"exporters": {"otlp_http": {"endpoint": URL, "sending_queue": {"queue_size": 500}}}},
            {"exporters": {"otlp_http": {"endpoint": URL, "sending_queue": {"queue_size": 500, "sizer": "items"}}}},
            {"exporters": {"otlp_http": {"endpoint": URL, "sending_queue": {"queue_size": 5000, "sizer": "bytes"}}}},
            {"exporters": {"otlp_http": {"endpoint": URL, "sending_queue": {"batch": {"min_size": 100000}}}}},
            {"exporters": {}, "config": own()},
        ],
    )
    def test_it_accepts_what_is_written(self, options: dict[str, Any], tmp_path: Path) -> None:
        """Every key and value that the sidecar writes is one that the collector knows."""
        file = tmp_path / "config.yaml"
        file.write_text(otel(**options).files[CONFIG_FILE])
        told = subprocess.run(
            [str(PROGRAM), "validate", f"--config=file:{file}"], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
