"""The OpenTelemetry Collector as a sidecar."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sidecarlib import ContainerPort, Probe, WaitFor
from sidecarlib.sidecars.otel.pipeline import OtelPipeline
from sidecarlib.sidecars.otel_collector import CONFIG_FILE
from tests.sidecars.otel.collectors import (
    SAFE_QUEUE,
    URL,
    configured,
    otel,
    ports,
    problem,
    problems,
    rendered,
)


class TestDefaults:
    """What one exporter alone gives."""

    def test_the_configuration_takes_all_signals_on_loopback_and_sends_them_on(self) -> None:
        """Only the health check is open to the kubelet; everything else stays inside the Pod."""
        pipeline = {"receivers": ["otlp"], "processors": ["memory_limiter"], "exporters": ["otlp_http"]}
        assert configured() == {
            "extensions": {"health_check": {"endpoint": "0.0.0.0:13133"}},
            "receivers": {
                "otlp": {"protocols": {"grpc": {"endpoint": "127.0.0.1:4317"}, "http": {"endpoint": "127.0.0.1:4318"}}}
            },
            "processors": {"memory_limiter": {"check_interval": "1s", "limit_percentage": 75}},
            "exporters": {"otlp_http": {"endpoint": URL, "timeout": "2s", "sending_queue": SAFE_QUEUE}},
            "service": {
                "extensions": ["health_check"],
                "pipelines": {"traces": pipeline, "metrics": pipeline, "logs": pipeline},
            },
        }

    def test_the_container_reads_that_file_and_executes_nothing(self) -> None:
        """The image holds one program, whose entrypoint has another name in each distribution."""
        container = rendered()
        assert container["image"] == "otel/opentelemetry-collector-contrib:0.165.0"
        assert container["args"] == [f"--config=file:{CONFIG_FILE}"]
        assert not {"command", "lifecycle"} & container.keys()

    def test_every_port_that_it_binds_is_declared(self) -> None:
        """A clash with the application or another collector can be found."""
        assert ports() == {"otlp-grpc": 4317, "otlp-http": 4318, "health": 13133, "metrics": 8888}

    def test_it_is_gated_and_kept_alive_by_its_health_check(self) -> None:
        """The kubelet asks the Pod's IP, where the health check listens."""
        container = rendered()
        assert container["startupProbe"]["httpGet"] == {"path": "/", "port": "health"}
        assert container["startupProbe"]["periodSeconds"] == 1
        assert container["livenessProbe"]["httpGet"] == {"path": "/", "port": "health"}
        assert container["livenessProbe"]["periodSeconds"] == 10

    def test_it_requests_and_limits_memory_and_never_limits_cpu(self) -> None:
        """A collector without a memory limit would take the node's."""
        assert rendered()["resources"] == {
            "requests": {"cpu": "50m", "memory": "64Mi"},
            "limits": {"memory": "256Mi"},
        }

    def test_it_runs_as_the_image_s_numeric_user(self) -> None:
        """`runAsNonRoot` needs a number, and the restricted standard needs `runAsNonRoot`."""
        context = rendered()["securityContext"]
        assert (context["runAsUser"], context["runAsGroup"], context["runAsNonRoot"]) == (10001, 10001, True)

    def test_two_equal_collectors_are_equal_and_their_files_too(self) -> None:
        """Same input, same bytes."""
        assert otel() == otel()
        assert hash(otel()) == hash(otel())
        assert otel().files == otel().files

    def test_it_has_no_volume_of_its_own(self) -> None:
        """It writes nothing."""
        assert otel().volumes == ()


class TestPorts:
    """Where it listens."""

    def test_each_port_is_an_option(self) -> None:
        """A clash can be cured."""
        options: dict[str, Any] = {"grpc_port": 14317, "http_port": 14318, "health_port": 14133, "metrics_port": 18888}
        assert ports(**options) == {"otlp-grpc": 14317, "otlp-http": 14318, "health": 14133, "metrics": 18888}
        configuration = configured(**options)
        assert configuration["receivers"]["otlp"]["protocols"]["http"] == {"endpoint": "127.0.0.1:14318"}
        assert configuration["extensions"]["health_check"] == {"endpoint": "0.0.0.0:14133"}
        (reader,) = configuration["service"]["telemetry"]["metrics"]["readers"]
        assert reader["pull"]["exporter"]["prometheus"] == {"host": "127.0.0.1", "port": 18888}

    def test_a_protocol_can_be_left_out(self) -> None:
        """None is no listener."""
        assert configured(grpc_port=None)["receivers"]["otlp"]["protocols"].keys() == {"http"}
        assert "otlp-grpc" not in ports(grpc_port=None)

    def test_own_metrics_can_be_off_or_open(self) -> None:
        """Off frees the port; a host of 0.0.0.0 lets Prometheus in."""
        assert configured(metrics_port=None)["service"]["telemetry"] == {"metrics": {"level": "none"}}
        assert "metrics" not in ports(metrics_port=None)
        (reader,) = configured(metrics_host="0.0.0.0")["service"]["telemetry"]["metrics"]["readers"]  # noqa: S104
        assert reader["pull"]["exporter"]["prometheus"] == {"host": "0.0.0.0", "port": 8888}  # noqa: S104

    def test_one_port_for_two_listeners_is_refused(self) -> None:
        """The collector would end with exit code 1, and validating the configuration does not show it."""
        assert "port 4318 is bound by otlp-grpc and by otlp-http" in problem(grpc_port=4318)

    def test_no_port_outside_the_range_is_taken(self) -> None:
        """All of them are told at once."""
        assert len(problems(grpc_port=0, http_port=70000, health_port=True, metrics_port="8888")) == 4

    def test_further_receivers_that_are_known_declare_their_ports(self) -> None:
        """Zipkin has one default port, Jaeger one for each protocol, one of them UDP."""
        receivers = {"zipkin": None, "jaeger": {"protocols": {"thrift_compact": {"endpoint": "127.0.0.1:6831"}}}}
        sidecar = otel(receivers=receivers, pipelines={"traces": OtelPipeline()})
        found = {(port.container_port, port.protocol) for port in sidecar.container().ports}  # type: ignore[union-attr]
        assert {(9411, "TCP"), (6831, "UDP")} <= found

    def test_a_receiver_that_asks_others_declares_nothing(self) -> None:
        """Its endpoint is the application's port, not one of its own."""
        receivers = {"redis": {"endpoint": "localhost:6379"}}
        assert 6379 not in ports(receivers=receivers, pipelines={"metrics": OtelPipeline()}).values()

    def test_ports_that_cannot_be_read_are_written(self) -> None:
        """A component that the sidecar does not know may listen as well."""
        assert ports(ports=[6514, ContainerPort(container_port=8125, name="statsd", protocol="UDP")])["statsd"] == 8125


class TestComponents:
    """Receivers, processors, extensions and connectors of one's own."""

    def test_settings_of_the_user_lie_over_those_of_the_sidecar(self) -> None:
        """Mappings merge deep, so that one setting can be added to the OTLP receiver."""
        cors = {"otlp": {"protocols": {"http": {"cors": {"allowed_origins": ["https://*"]}}}}}
        assert configured(receivers=cors)["receivers"]["otlp"]["protocols"] == {
            "grpc": {"endpoint": "127.0.0.1:4317"},
            "http": {"endpoint": "127.0.0.1:4318", "cors": {"allowed_origins": ["https://*"]}},
        }

    def test_processors_follow_the_memory_limiter_in_their_order(self) -> None:
        """What comes in is refused before it costs memory."""
        read = configured(processors={"resource": {"attributes": []}, "batch": None})
        assert read["service"]["pipelines"]["logs"]["processors"] == ["memory_limiter", "resource", "batch"]

    def test_every_extension_is_started(self) -> None:
        """One that is not in service.extensions does nothing."""
        read = configured(extensions={"zpages": {"endpoint": "127.0.0.1:55679"}})
        assert read["service"]["extensions"] == ["health_check", "zpages"]

    def test_a_component_without_settings_is_written_as_none(self) -> None:
        """`{"debug": None}` is what the collector's `debug:` is."""
        assert configured(exporters={"debug": None})["exporters"] == {"debug": {}}

    def test_a_dollar_reaches_the_file_as_written(self) -> None:
        """`${env:…}` is the collector's to expand, and `$$` is its dollar."""
        value = {"key": "a", "value": "5$$ for ${env:WHO}", "action": "insert"}
        read = configured(processors={"resource": {"attributes": [value]}}, extra_env={"WHO": "me"})
        assert read["processors"]["resource"]["attributes"] == [value]

    @pytest.mark.parametrize("component", ["", "1st", "a b", "otlp/", "otlp/ x"])
    def test_an_impossible_id_is_refused(self, component: str) -> None:
        """The collector takes `type` or `type/name`."""
        assert "invalid component" in problems(receivers={component: {}})[0]

    def test_settings_that_are_no_mapping_are_refused(self) -> None:
        """Each with its place, and everything that no manifest can hold as well."""
        found = problems(receivers={"otlp": "4317"}, processors=["batch"], extensions={"zpages": {"endpoint": {1, 2}}})
        assert ["receivers['otlp']" in found[0], "processors" in found[1], "zpages" in found[2]] == [True] * 3

    def test_the_telemetry_and_log_level_of_the_collector_itself(self) -> None:
        """`telemetry` takes what has no option of its own."""
        read = configured(log_level="warn", telemetry={"logs": {"encoding": "json"}})
        assert read["service"]["telemetry"] == {"logs": {"level": "warn", "encoding": "json"}}
        assert "unknown log_level" in problem(log_level="verbose")

    def test_a_second_memory_limiter_of_the_same_name_is_refused(self) -> None:
        """It has an option of its own."""
        assert "memory_limiter={…}" in problem(processors={"memory_limiter": {"limit_mib": 100}})


class TestGates:
    """Whether the kubelet can ask it."""

    def test_without_a_health_check_the_gate_must_be_written(self) -> None:
        """Both probes lose what they ask."""
        found = problems(health_port=None)
        assert ["startup_probe" in found[0], "liveness_probe" in found[1]] == [True, True]
        sidecar = otel(health_port=None, liveness_probe=None, startup_probe=WaitFor.tcp(port=4318))
        assert not {"startupProbe", "livenessProbe"} & sidecar.container().render().keys()
        assert "extensions" not in yaml.safe_load(sidecar.files[CONFIG_FILE])

    def test_a_health_check_moved_to_loopback_is_refused(self) -> None:
        """The kubelet dials the Pod's IP and would never reach it."""
        found = problems(extensions={"health_check": {"endpoint": "localhost:13133"}})
        assert all("on loopback" in each for each in found)

    @pytest.mark.parametrize("settings", [{"path": "/healthy"}, {"tls": {"cert_file": "/c"}}])
    def test_a_health_check_that_answers_otherwise_needs_its_own_probes(self, settings: dict[str, Any]) -> None:
        """The default probes ask for `/` without TLS."""
        assert "another scheme or path" in problems(extensions={"health_check": settings})[0]
        probe = Probe.http("/healthy", port="health")
        otel(extensions={"health_check": settings}, startup_probe=probe, liveness_probe=None)

    @pytest.mark.parametrize("probe", [Probe.tcp(port=4318), Probe.http("/", port="otlp-http"), Probe.grpc(port=4317)])
    def test_a_probe_on_a_loopback_port_is_refused(self, probe: Probe) -> None:
        """It would never succeed; a `WaitFor` runs inside the Pod."""
        found = problems(startup_probe=probe, liveness_probe=probe)
        assert "WaitFor.tcp(port=431" in found[0]
        assert "liveness_probe" in found[1]

    def test_a_probe_on_the_metrics_is_refused_where_the_version_has_them_on_loopback(self) -> None:
        """Versions before 0.111 serve them on all addresses."""
        probe = Probe.http("/metrics", port=8888)
        image = "otel/opentelemetry-collector-contrib:0.1{}.0"
        assert "port 8888 is on loopback" in problem(image=image.format(11), liveness_probe=probe)
        assert rendered(image=image.format(10), liveness_probe=probe)["livenessProbe"]["httpGet"]["port"] == 8888

    def test_probes_can_be_replaced(self) -> None:
        """Every default has its switch."""
        assert rendered(startup_probe=Probe.none(because="it loses nothing")).get("startupProbe") is None
        assert "livenessProbe" not in rendered(liveness_probe=None)


class TestDistributions:
    """The images that it comes in."""

    def test_the_smallest_one_lacks_health_check_and_memory_limiter(self) -> None:
        """Whoever takes it says so, and writes another gate."""
        image = "otel/opentelemetry-collector-otlp:0.165.0"
        assert [each.rpartition(": ")[2] for each in problems(image=image)] == [
            "write memory_limiter=None, or take another image",
            "write health_port=None, or take another image",
        ]
        gate = WaitFor.tcp(port=4318)
        sidecar = otel(image=image, memory_limiter=None, health_port=None, startup_probe=gate, liveness_probe=None)
        assert sidecar.container().image == image

    def test_the_user_can_be_left_to_the_cluster(self) -> None:
        """OpenShift gives each namespace its own."""
        assert "runAsUser" not in rendered(run_as_user=None)["securityContext"]
