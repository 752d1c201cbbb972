"""What the collector takes from its container and its Pod."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sidecarlib import Container, EnvVar, NativeSidecar, PodSpec, Probe, RenderedFile, Resources, Volume
from sidecarlib.sidecars.otel_collector import CONFIG_FILE
from tests.sidecars.otel.collectors import URL, configured, exporting, otel, problem, problems, rendered


class TestMemory:
    """How it stays below its limit."""

    def test_the_go_runtime_knows_four_fifths_of_the_limit(self) -> None:
        """In whole MiB; the share is an option, None leaves it out."""
        assert rendered()["env"] == [{"name": "GOMEMLIMIT", "value": "204MiB"}]
        large = Resources(limits={"memory": "1Gi"})
        assert rendered(resources=large, go_memory_limit_percentage=90)["env"][0]["value"] == "921MiB"
        assert "env" not in rendered(go_memory_limit_percentage=None)

    def test_a_share_of_no_limit_is_refused(self) -> None:
        """Measured: the limiter takes the node's memory for the container's."""
        assert "whole node's memory" in problem(resources=None)
        fixed = {"limit_mib": 200}
        limiter = configured(resources=None, memory_limiter=fixed)["processors"]["memory_limiter"]
        assert limiter == {"check_interval": "1s", "limit_mib": 200}
        assert "env" not in rendered(resources=None, memory_limiter=fixed)

    def test_the_limiter_can_be_left_out(self) -> None:
        """None is no limiter, in no pipeline."""
        read = configured(memory_limiter=None)
        assert "processors" not in read
        assert read["service"]["pipelines"]["traces"]["processors"] == []

    def test_two_gomemlimits_are_refused(self) -> None:
        """The other one may be the user's alone."""
        assert "GOMEMLIMIT is written twice" in problem(extra_env={"GOMEMLIMIT": "1GiB"})
        sidecar = otel(extra_env={"GOMEMLIMIT": "1GiB"}, go_memory_limit_percentage=None)
        assert sidecar.container().render()["env"] == [{"name": "GOMEMLIMIT", "value": "1GiB"}]


class TestSurroundings:
    """What the configuration takes from its container."""

    def test_a_variable_that_is_set_nowhere_is_refused(self) -> None:
        """The collector takes it for null and often ends."""
        header = {"x-tenant": "${env:TENANT}"}
        assert "${env:TENANT} is set nowhere" in problem(exporters={"otlp_http": {"endpoint": URL, "headers": header}})
        exporting(headers={"x-tenant": "${env:TENANT:-none}"})
        exporting(headers={"x-tenant": "$${env:TENANT}"})
        exporting(headers={"x-node": "${env:HOSTNAME}", "x-port": "${env:API_SERVICE_PORT}"})
        given = [EnvVar.secret("TENANT", secret="s", key="k")]
        otel(exporters={"otlp_http": {"endpoint": URL, "headers": header}}, extra_env=given)

    @pytest.mark.parametrize("source", [{"uses": ["proxy"]}, {"extra": {"envFrom": [{"configMapRef": {"name": "c"}}]}}])
    def test_variables_from_elsewhere_are_not_doubted(self, source: dict[str, Any]) -> None:
        """A provider or a ConfigMap may bring them."""
        otel(exporters={"otlp_http": {"endpoint": "http://${env:DB_HOST}"}}, **source)

    @pytest.mark.parametrize("key", ["Authorization", "api-key", "X-API-Key"])
    def test_a_credential_in_the_text_is_refused_with_the_way_to_write_it(self, key: str) -> None:
        """The configuration is a ConfigMap."""
        found = problem(exporters={"otlp_http": {"endpoint": URL, "headers": {key: "Bearer s3cr3t"}}})
        assert "Bearer ${env:OTEL_" in found
        assert "EnvVar.secret(" in found
        assert "s3cr3t" not in found

    def test_a_credential_of_an_extension_is_found_as_well(self) -> None:
        """Wherever it stands, lists included."""
        extensions = {"basicauth": {"client_auth": {"username": "u", "password": "p"}}, "x": {"many": [{"token": "t"}]}}
        assert len(problems(extensions=extensions)) == 2

    def test_a_credential_from_a_variable_or_a_file_is_fine(self) -> None:
        """That is how it is meant."""
        token = EnvVar.secret("TOKEN", secret="otel", key="token")
        headers = {"authorization": "Bearer ${env:TOKEN}", "api-key": "${file:/keys/api}"}
        otel(exporters={"otlp_http": {"endpoint": URL, "headers": headers}}, extra_env=[token])

    def test_a_rendered_file_is_mounted_and_orders_the_collector(self) -> None:
        """The collector starts after the sidecar that renders it."""
        volume = Volume.empty_dir("secrets").provided_by("vault")
        file = RenderedFile(path="/vault/secrets/ca.pem", directory="/vault/secrets", volume=volume)
        exporters = {"otlp_http": {"endpoint": URL, "tls": {"ca_file": file}}}
        vault = NativeSidecar(
            name="vault",
            image="vault:1",
            startup_probe=Probe.exec(["true"]),
            volume_mounts=[volume.mount("/vault/secrets")],
        )
        sidecar = otel(exporters=exporters)
        assert yaml.safe_load(sidecar.files[CONFIG_FILE])["exporters"]["otlp_http"]["tls"] == {"ca_file": file.path}
        pod = PodSpec(containers=[Container(name="app", image="app:1")], sidecars=[sidecar, vault])
        first, second = pod.render("web", kind="Job").template["spec"]["initContainers"]
        assert (first["name"], second["name"]) == ("vault", "otel-collector")
        assert {"name": "secrets", "mountPath": "/vault/secrets", "readOnly": True} in second["volumeMounts"]

    def test_files_of_one_s_own_are_mounted(self) -> None:
        """Logs to read, certificates, a directory for a queue."""
        mount = Volume.empty_dir("logs").mount("/logs", read_only=True)
        assert {"name": "logs", "mountPath": "/logs", "readOnly": True} in rendered(volume_mounts=[mount])[
            "volumeMounts"
        ]
