"""A whole configuration of one's own."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib import EnvVar, InvalidValueError, WaitFor
from sidecarlib.sidecars.otel_collector import CONFIG_FILE, OtelSidecar
from tests.sidecars.otel.collectors import URL, own, problems

SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "x", "${env:X}", "a:1", "otlp"])


@st.composite
def misshapen(draw: st.DrawFn, value: Any) -> Any:
    """A configuration in which any part may be replaced by something else, or be missing."""
    if draw(st.integers(0, 9)) == 0:
        return draw(SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["a", "otlp"]), SCALARS))
    if isinstance(value, dict):
        return {key: draw(misshapen(item)) for key, item in value.items() if draw(st.integers(0, 19))}
    return [draw(misshapen(item)) for item in value] if isinstance(value, list) else value


class TestOwnConfiguration:
    """A whole configuration in place of the options."""

    def test_a_mapping_is_written_as_it_is(self) -> None:
        """Nothing is added to it."""
        sidecar = OtelSidecar(config=own())
        assert yaml.safe_load(sidecar.files[CONFIG_FILE]) == own()
        assert {port["name"]: port["containerPort"] for port in sidecar.container().render()["ports"]} == {
            "otlp-grpc": 4317,
            "otlp-http": 14318,
            "health": 14133,
            "metrics": 8888,
        }

    def test_yaml_text_keeps_every_byte(self) -> None:
        """Comments included; it is read only to know its ports, its gate and when it stops."""
        text = f"# ours\n{yaml.safe_dump(own())}\n\n"
        sidecar = OtelSidecar(config=text)
        assert sidecar.files[CONFIG_FILE] == text
        assert sidecar.container() == OtelSidecar(config=own()).container()
        assert sidecar.stops_within == OtelSidecar(config=own()).stops_within == 101

    @pytest.mark.parametrize("text", ["a: [", "- a", "", "a: 1\n---\nb: 2\n"])
    def test_text_that_is_no_mapping_is_refused(self, text: str) -> None:
        """With the line where reading ended."""
        with pytest.raises(InvalidValueError, match="config"):
            OtelSidecar(config=text)

    def test_options_beside_it_are_refused(self) -> None:
        """They would have no effect."""
        found = problems(config=own(), grpc_port=1234, log_level="warn")
        assert [each.partition(":")[0].rpartition(", ")[2] for each in found] == ["exporters", "grpc_port", "log_level"]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"extensions": {}}, "no health check"),
            ({"service": {"pipelines": own()["service"]["pipelines"]}}, "not in service.extensions"),
            ({"extensions": {"health_check": None}}, "on loopback"),
            ({"extensions": {"health_check": {"endpoint": "127.0.0.1:13133"}}}, "on loopback"),
            ({"extensions": {"health_check": {"endpoint": "${env:HOSTNAME}"}}}, "cannot be read"),
        ],
    )
    def test_a_health_check_that_the_kubelet_cannot_ask_is_refused(self, changes: dict[str, Any], why: str) -> None:
        """Whether it is missing, not started, on loopback or out of sight."""
        with pytest.raises(InvalidValueError, match=why):
            OtelSidecar(config=own(**changes))
        OtelSidecar(config=own(**changes), startup_probe=WaitFor.tcp(port=14318), liveness_probe=None)

    def test_a_health_check_on_the_pod_s_own_address_is_fine(self) -> None:
        """Its port can be read, and the variable is there."""
        health = {"health_check": {"endpoint": "${env:POD_IP}:13133"}}
        sidecar = OtelSidecar(config=own(extensions=health), extra_env=[EnvVar.field("POD_IP", "status.podIP")])
        assert sidecar.container().render()["startupProbe"]["httpGet"]["port"] == "health"

    def test_a_port_outside_the_range_is_refused(self) -> None:
        """It would be declared, and the API server would refuse it."""
        with pytest.raises(InvalidValueError, match="the port of health_check"):
            OtelSidecar(config=own(extensions={"health_check": {"endpoint": "0.0.0.0:131330"}}))

    def test_it_is_checked_like_a_built_one(self) -> None:
        """Retries without a queue, credentials, a share of the node's memory, references to nothing."""
        bad = own(
            exporters={
                "otlp_http": {"endpoint": URL, "sending_queue": {"enabled": False}, "headers": {"api-key": "k"}}
            },
            processors={"memory_limiter": {"check_interval": "1s", "limit_percentage": 80}},
            service={
                "extensions": ["health_check"],
                "pipelines": {"traces": {"receivers": ["otlp"], "exporters": ["otlp_http", "kafka"]}},
            },
        )
        for config in (bad, yaml.safe_dump(bad)):
            with pytest.raises(InvalidValueError) as raised:
                OtelSidecar(config=config, resources=None)
            assert len(raised.value.problems) == 4

    @given(misshapen(own()))
    def test_whatever_is_passed_is_taken_or_refused(self, config: dict[str, Any]) -> None:
        """A configuration of a wrong shape is a clear error, as a mapping and as text."""
        for written in (config, yaml.safe_dump(config)):
            with suppress(InvalidValueError):
                OtelSidecar(config=written).container()
