"""How data leaves the collector, and how long it takes to stop."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib.sidecars.otel.pipeline import OtelPipeline
from tests.sidecars.otel.collectors import OTLP, SAFE_QUEUE, URL, configured, exporter, exporting, otel, problem


class TestExporters:
    """How data leaves, and why the collector still stops in time."""

    def test_no_exporter_is_refused(self) -> None:
        """Nothing is sent anywhere silently."""
        assert "no exporter" in problem(exporters={})

    @pytest.mark.parametrize("kind", ["otlp_http", "otlphttp", "otlp_grpc", "otlp", "otlp_http/backup"])
    def test_every_otlp_exporter_gets_a_short_timeout_and_a_bounded_queue(self, kind: str) -> None:
        """Under their new names, their old ones, and names of one's own."""
        assert configured(exporters={kind: {"endpoint": URL}})["exporters"][kind] == {
            "endpoint": URL,
            "timeout": "2s",
            "sending_queue": SAFE_QUEUE,
        }

    def test_other_exporters_are_left_alone(self) -> None:
        """Their settings are not the same."""
        read = configured(exporters={"kafka": {"brokers": ["k:9092"]}}, pipelines={"logs": OtelPipeline()})
        assert read["exporters"]["kafka"] == {"brokers": ["k:9092"]}

    def test_what_the_user_sets_wins(self) -> None:
        """Ours lies under it."""
        assert exporter(timeout="5s", sending_queue={"num_consumers": 4}) == {
            "endpoint": URL,
            "timeout": "5s",
            "sending_queue": {**SAFE_QUEUE, "num_consumers": 4},
        }

    def test_each_default_can_be_turned_off(self) -> None:
        """None leaves the collector's own default in place."""
        assert exporter(timeout=None, sending_queue=None) == {"endpoint": URL}
        assert exporter(sending_queue={"batch": None}) == {"endpoint": URL, "timeout": "2s"}

    def test_whoever_bounds_the_queue_keeps_its_meaning(self) -> None:
        """A `queue_size` without a sizer counts requests, as the collector's documentation says."""
        assert exporter(sending_queue={"queue_size": 500})["sending_queue"] == {
            "queue_size": 500,
            "batch": SAFE_QUEUE["batch"],
        }

    @pytest.mark.parametrize(
        "queue", [{"sizer": "items", "queue_size": 500}, {"sizer": "bytes", "queue_size": 5000000}]
    )
    def test_batches_are_left_out_where_they_do_not_fit(self, queue: dict[str, Any]) -> None:
        """The collector refuses a batch that is larger than the queue."""
        assert exporter(sending_queue=queue)["sending_queue"] == queue

    def test_a_batch_of_one_s_own_keeps_the_bound(self) -> None:
        """Only a batch larger than the bound goes without it."""
        small, large = {"min_size": 10}, {"min_size": 100000}
        assert exporter(sending_queue={"batch": small})["sending_queue"]["queue_size"] == 81920
        assert "queue_size" not in exporter(sending_queue={"batch": large})["sending_queue"]

    def test_no_queue_without_no_retries(self) -> None:
        """Measured: with retries on and the queue off it did not stop within 73 s."""
        found = problem(exporters={"otlp_http": {"endpoint": URL, "sending_queue": {"enabled": False}}})
        assert '"retry_on_failure": {"enabled": False}' in found
        settings = {"sending_queue": {"enabled": False}, "retry_on_failure": {"enabled": False}}
        assert exporter(**settings) == {"endpoint": URL, "timeout": "2s", **settings}

    @pytest.mark.parametrize(
        ("timeout", "why"),
        [(2, "nanoseconds"), (2.5, "nanoseconds"), ("20", "nanoseconds"), ("soon", "no duration"), ("0s", "for ever")],
    )
    def test_a_timeout_that_is_none_is_refused(self, timeout: Any, why: str) -> None:
        """The collector takes 2 for two nanoseconds, and 0 for no timeout at all."""
        assert why in problem(exporters={"otlp_http": {"endpoint": URL, "timeout": timeout}})

    def test_an_endpoint_is_needed_and_for_http_a_url(self) -> None:
        """The collector refuses none at its start, and sends nothing to one without a scheme."""
        assert "no endpoint" in problem(exporters={"otlp_http": {}})
        assert "no endpoint" in problem(exporters={"otlp_grpc": {"traces_endpoint": URL}})
        assert "no URL" in problem(exporters={"otlp_http": {"endpoint": "otel:4318"}})
        assert exporter(endpoint="${env:OTEL:-http://otel}")["endpoint"].startswith("${env:")
        assert configured(exporters={"otlp_http": {"traces_endpoint": f"{URL}/v1/traces"}})

    def test_settings_in_place_of_a_mapping_are_refused(self) -> None:
        """`sending_queue: false` is no way to turn it off."""
        assert "are no settings" in problem(exporters={"otlp_http": {"endpoint": URL, "sending_queue": 5}})


class TestStopping:
    """How long it may take to stop when nobody answers."""

    def test_the_defaults_take_two_rounds_for_each_signal(self) -> None:
        """Exporters end one after the other; measured with full queues: 2.4 s for one signal, 6.2 s for three."""
        assert otel().stops_within == 12
        assert otel(pipelines={"traces": OtelPipeline()}).stops_within == 4

    def test_exporters_add_up_and_debug_costs_nothing(self) -> None:
        """An instance for each exporter and signal, whatever number of pipelines shares it."""
        pipelines = {"traces": OtelPipeline(), "traces/2": OtelPipeline(exporters=["debug", "otlp_http"])}
        exporters = {**OTLP, "otlp_grpc": {"endpoint": "otel:4317"}, "debug": None}
        assert otel(exporters=exporters, pipelines=pipelines).stops_within == 8
        assert otel(exporters={"debug": None}).stops_within == 1

    @pytest.mark.parametrize(
        ("settings", "seconds"),
        [
            ({"timeout": "1m30s"}, 180),
            ({"timeout": "500ms"}, 1),
            ({"timeout": None}, 60),
            ({"sending_queue": {"batch": None}}, 202),
            ({"sending_queue": {"batch": None, "queue_size": 10}}, 4),
            ({"sending_queue": {"batch": None, "queue_size": 200}}, 42),
            ({"sending_queue": {"queue_size": 1000}}, 16),
            ({"sending_queue": {"num_consumers": 2}}, 12),
            ({"sending_queue": {"enabled": False}, "retry_on_failure": {"enabled": False}}, 4),
        ],
    )
    def test_it_follows_from_timeout_queue_and_consumers(self, settings: dict[str, Any], seconds: float) -> None:
        """A round for what is under way, then what is queued, `num_consumers` at a time."""
        exporters = {"otlp_http": {"endpoint": URL, **settings}}
        assert otel(exporters=exporters, pipelines={"traces": OtelPipeline()}).stops_within == seconds

    def test_nobody_knows_an_exporter_of_another_kind(self) -> None:
        """Nothing is guessed, nor for settings that a variable hides."""
        kafka = {"kafka": {"brokers": ["k:9092"]}}
        assert otel(exporters=kafka, pipelines={"logs": OtelPipeline()}).stops_within is None
        assert exporting(timeout="${env:TIMEOUT:-2s}").stops_within is None
        assert exporting(sending_queue={"sizer": "bytes", "queue_size": 1000}).stops_within is None
