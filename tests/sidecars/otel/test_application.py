"""What an application gets from the collector."""

from __future__ import annotations

import pytest

from sidecarlib import Container, InvalidValueError, PodSpec
from sidecarlib.sidecars.otel.pipeline import OtelPipeline
from sidecarlib.sidecars.otel_collector import CONFIG_FILE
from tests.sidecars.otel.collectors import otel


class TestApplication:
    """What a container that uses it gets."""

    def test_endpoint_and_protocol_fit_each_other(self) -> None:
        """SDKs differ in their default protocol, so both are always given."""
        values = {variable.name: variable.value for variable in otel().env()}
        assert values["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
        assert values["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/protobuf"

    def test_grpc_is_asked_for_or_the_only_one(self) -> None:
        """The port follows the protocol."""
        for variables in (otel().env(protocol="grpc"), otel(http_port=None).env()):
            assert [variable.value for variable in variables[:2]] == ["http://127.0.0.1:4317", "grpc"]

    def test_a_protocol_that_it_does_not_receive_is_refused(self) -> None:
        """With those that it does."""
        with pytest.raises(InvalidValueError, match="write 'grpc'"):
            otel(http_port=None).env(protocol="http/protobuf")
        with pytest.raises(InvalidValueError, match="unknown protocol"):
            otel().env(protocol="http/json")

    def test_the_pod_is_told_by_fields_that_stand_before_their_use(self) -> None:
        """The kubelet expands only variables that are already there."""
        variables = [variable.render() for variable in otel().env()]
        assert variables[-1] == {
            "name": "OTEL_RESOURCE_ATTRIBUTES",
            "value": "k8s.pod.name=$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME),"
            "k8s.pod.uid=$(OTEL_RESOURCE_ATTRIBUTES_POD_UID),"
            "k8s.namespace.name=$(OTEL_RESOURCE_ATTRIBUTES_POD_NAMESPACE),"
            "k8s.node.name=$(OTEL_RESOURCE_ATTRIBUTES_NODE_NAME)",
        }
        assert [variable["valueFrom"]["fieldRef"]["fieldPath"] for variable in variables[2:6]] == [
            *("metadata.name", "metadata.uid", "metadata.namespace", "spec.nodeName"),
        ]

    def test_service_name_and_attributes_of_one_s_own(self) -> None:
        """Values are percent-encoded, so that neither SDK nor kubelet reads more into them."""
        given = {"deployment.environment": "a=b, c%", "team": "$(X)"}
        variables = otel().env(service_name="shop", resource_attributes=given, pod_attributes=False)
        assert {variable.name: variable.value for variable in variables[2:]} == {
            "OTEL_SERVICE_NAME": "shop",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=a%3Db%2C%20c%25,team=%24(X)",
        }

    def test_an_attribute_of_one_s_own_replaces_the_pod_s(self) -> None:
        """Each key stands once."""
        variables = otel().env(resource_attributes={"k8s.node.name": "n"})
        assert "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME" not in [variable.name for variable in variables]

    def test_an_impossible_attribute_is_refused(self) -> None:
        """A key is not encoded by every SDK."""
        with pytest.raises(InvalidValueError, match="invalid key 'a=b'"):
            otel().env(resource_attributes={"a=b": "c"})

    def test_a_collector_without_otlp_offers_nothing(self) -> None:
        """It is used for its order alone."""
        scraping = otel(
            grpc_port=None,
            http_port=None,
            receivers={"prometheus": {"config": {}}},
            pipelines={"metrics": OtelPipeline()},
        )
        assert scraping.env() == ()
        with pytest.raises(InvalidValueError, match="give it an otlp receiver"):
            scraping.env(service_name="shop")

    def test_whoever_has_a_variable_starts_after_the_collector(self) -> None:
        """Every one of them carries its provider."""
        assert {variable.provider for variable in otel(name="telemetry").env()} == {"telemetry"}

    def test_a_pod_hands_everything_out(self) -> None:
        """The application has the variables, the collector its file."""
        sidecar = otel()
        pod = PodSpec(containers=[Container(name="app", image="app:1", uses=[sidecar])], sidecars=[sidecar])
        result = pod.render("web", kind="Deployment")
        (app,) = result.template["spec"]["containers"]
        assert app["env"][0] == {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://127.0.0.1:4318"}
        (config_map,) = result.config_maps
        assert config_map["metadata"]["name"] == "web-otel-collector"
        assert config_map["data"] == {"config.yaml": sidecar.files[CONFIG_FILE]}
