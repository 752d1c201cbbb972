"""A collector in somebody's manifest."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.sidecars.otel_collector import PRODUCT
from tests.sidecars.otel.collectors import own


class TestRecognition:
    """A collector in somebody's manifest."""

    @staticmethod
    def loopback(image: str = "otel/opentelemetry-collector-contrib:0.165.0", **spec: Any) -> frozenset[int]:
        """The ports that a hand-written container is known to bind to loopback."""
        pod = PodView({"containers": [{"name": "otel", "image": image, **spec}]})
        return PRODUCT.loopback_ports(ContainerView(pod.mains()[0].spec, "", Role.MAIN, 0, pod))

    @pytest.mark.parametrize("name", ["", "-contrib", "-k8s", "-otlp"])
    @pytest.mark.parametrize(
        "home", ["otel", "mirror.example.com/otel", "ghcr.io/open-telemetry/opentelemetry-collector-releases"]
    )
    def test_every_distribution_is_known_whatever_mirror_it_comes_from(self, home: str, name: str) -> None:
        """None of them holds anything but the collector."""
        image = f"{home}/opentelemetry-collector{name}:0.165.0"
        assert PRODUCT.made(image)
        assert PRODUCT.lacks(image, "/bin/sh")
        assert not PRODUCT.lacks(image, f"/otelcol{name}")

    def test_other_images_are_not(self) -> None:
        """A name that only ends alike is somebody else's."""
        assert not PRODUCT.made("example.com/my-opentelemetry-collector:1")

    def test_a_configuration_in_a_file_is_out_of_sight(self) -> None:
        """Nothing is guessed, nor when another source, a setting or an expansion may change it."""
        text = "extensions: {health_check: }\nservice: {extensions: [health_check]}\n"
        assert self.loopback(args=["--config=/etc/otel/config.yaml"]) == frozenset()
        assert self.loopback(args=[f"--config=yaml:{text}", "--config=file:/more.yaml"]) == frozenset()
        assert self.loopback(args=[f"--config=yaml:{text}", "--set=a.b=c"]) == frozenset()
        assert self.loopback(args=[f"--config=yaml:{text}a: $(B)"]) == frozenset()
        assert self.loopback(args=["--config=env:CONFIG"]) == frozenset()
        assert self.loopback(args=["--feature-gates=x"]) == frozenset()

    def test_a_configuration_in_an_argument_or_a_variable_is_read(self) -> None:
        """A missing endpoint is localhost, and so are the collector's own metrics."""
        text = yaml.safe_dump(own(extensions={"health_check": None}))
        assert self.loopback(args=[f"--config=yaml:{text}"]) == {13133, 4317, 14318, 8888}
        env = [{"name": "CONFIG", "value": text}]
        assert self.loopback(args=["--config", "env:CONFIG"], env=env) == {13133, 4317, 14318, 8888}

    def test_later_sources_and_double_colons_count(self) -> None:
        """They are how a single setting is usually changed."""
        text = yaml.safe_dump(own(extensions={"health_check": None}))
        later = "--config=yaml:extensions::health_check::endpoint: 0.0.0.0:13133"
        assert 13133 not in self.loopback(args=[f"--config=yaml:{text}", later])

    def test_what_a_variable_decides_is_not_known(self) -> None:
        """It may be any address."""
        for health in ("${env:POD_IP}:13133", "${env:ENDPOINT}"):
            text = yaml.safe_dump(own(extensions={"health_check": {"endpoint": health}}))
            assert 13133 not in self.loopback(args=[f"--config=yaml:{text}"])
        text = yaml.safe_dump(own(extensions={"health_check": "${env:SETTINGS}"}))
        assert 13133 not in self.loopback(args=[f"--config=yaml:{text}"])

    def test_the_built_in_demonstration_has_its_health_check_on_loopback(self) -> None:
        """Core and contrib run it when they are told nothing; before 0.104 it was open."""
        assert self.loopback() == {13133}
        assert self.loopback("otel/opentelemetry-collector:0.103.1") == frozenset()
        assert self.loopback("otel/opentelemetry-collector-k8s:0.165.0") == frozenset()

    @pytest.mark.parametrize(
        ("version", "on_loopback"), [("0.104.0", False), ("0.110.0", False), ("0.111.0", True), ("latest", True)]
    )
    def test_its_own_metrics_are_on_loopback_since_0_111(self, version: str, *, on_loopback: bool) -> None:
        """All other defaults moved there with 0.104 already; an address that is written down counts in every version."""
        image = f"otel/opentelemetry-collector-contrib:{version}"
        configuration = own(extensions={"health_check": None})
        found = self.loopback(image, args=[f"--config=yaml:{yaml.safe_dump(configuration)}"])
        assert found == {13133, 4317, 14318} | ({8888} if on_loopback else set())
        configuration["service"]["telemetry"] = {"metrics": {"address": "localhost:9999"}}
        assert 9999 in self.loopback(image, args=[f"--config=yaml:{yaml.safe_dump(configuration)}"])
