"""Pipelines of the collector."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import InvalidValueError
from sidecarlib.sidecars.otel.pipeline import OtelPipeline
from tests.sidecars.otel.collectors import OTLP, configured, problem


class TestPipelines:
    """Which signal goes where."""

    def test_a_pipeline_takes_everything_that_it_does_not_name(self) -> None:
        """In the order written, the memory limiter first even where processors are named."""
        read = configured(
            exporters={**OTLP, "debug": None},
            processors={"resource": {"attributes": []}},
            pipelines={"traces": OtelPipeline(), "logs/short": OtelPipeline(processors=[], exporters=["debug"])},
        )["service"]["pipelines"]
        assert read == {
            "traces": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter", "resource"],
                "exporters": ["otlp_http", "debug"],
            },
            "logs/short": {"receivers": ["otlp"], "processors": ["memory_limiter"], "exporters": ["debug"]},
        }

    def test_a_connector_stands_between_two_pipelines(self) -> None:
        """An exporter of the one, a receiver of the other."""
        read = configured(
            connectors={"spanmetrics": None},
            pipelines={
                "traces": OtelPipeline(exporters=["otlp_http", "spanmetrics"]),
                "metrics": OtelPipeline(receivers=["spanmetrics"], processors=["memory_limiter"]),
            },
        )
        assert read["connectors"] == {"spanmetrics": {}}
        assert read["service"]["pipelines"]["metrics"]["receivers"] == ["spanmetrics"]

    def test_what_is_not_configured_is_named_with_what_is(self) -> None:
        """The collector would end with `references exporter … which is not configured`."""
        assert "write one of otlp_http" in problem(pipelines={"traces": OtelPipeline(exporters=["otlp"])})

    def test_an_unknown_signal_is_refused(self) -> None:
        """Profiles need their feature gate."""
        assert "unknown signal 'spans'" in problem(pipelines={"spans": OtelPipeline()})
        assert "unknown signal 'profiles'" in problem(pipelines={"profiles": OtelPipeline()})
        gate = "--feature-gates=service.profilesSupport"
        assert configured(pipelines={"profiles": OtelPipeline()}, extra_args=[gate])

    def test_components_of_unknown_signals_need_pipelines(self) -> None:
        """Without pipelines every component stands in traces, metrics and logs."""
        assert "signals of 'filelog' are not known" in problem(receivers={"filelog": {"include": ["/logs/*.log"]}})
        assert "no pipeline says where 'forward' stands" in problem(connectors={"forward": None})

    def test_the_memory_limiter_is_first_or_refused(self) -> None:
        """Behind another processor it comes too late."""
        pipelines = {"traces": OtelPipeline(processors=["batch", "memory_limiter"])}
        assert "memory_limiter is not the first" in problem(processors={"batch": None}, pipelines=pipelines)

    def test_no_pipeline_is_refused(self) -> None:
        """The collector would not start."""
        assert "no pipeline" in problem(pipelines={})

    def test_a_pipeline_that_is_none_is_refused(self) -> None:
        """A plain mapping would not be checked."""
        assert "is no pipeline" in problem(pipelines={"traces": {"receivers": ["otlp"]}})
        assert "is no mapping" in problem(pipelines=["traces"])

    @pytest.mark.parametrize("names", [[], ["a", "a"], "otlp", [1]])
    def test_a_pipeline_checks_its_own_lists(self, names: Any) -> None:
        """Empty, doubled, or no list of texts."""
        with pytest.raises(InvalidValueError):
            OtelPipeline(receivers=names)
