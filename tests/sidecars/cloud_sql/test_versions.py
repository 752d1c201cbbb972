"""What an image does not have."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import CloudSqlInstance, Probe
from tests.sidecars.cloud_sql.proxies import REPOSITORY, problems, rendered


class TestVersions:
    """What an image does not have."""

    @pytest.mark.parametrize(
        ("version", "options", "what"),
        [
            ("2.1.0", {"auto_ip": True}, "--auto-ip"),
            ("2.1.0", {"quiet": True}, "--quiet beside --structured-logs"),
            ("2.3.0", {"run_connection_test": True}, "--run-connection-test"),
            ("2.4.0", {"psc": True}, "--psc"),
            ("2.5.0", {"exit_zero_on_sigterm": True}, "--exit-zero-on-sigterm"),
            ("2.7.2", {"startup_probe": Probe.exec(["/cloud-sql-proxy", "wait"])}, "command wait"),
            ("2.8.0", {"debug_logs": True}, "--debug-logs"),
            ("2.9.0", {"universe_domain": "example.com"}, "--universe-domain"),
            ("2.9.0", {"extra_args": ["--config-file=/x.toml"]}, "--config-file"),
            ("2.10.1", {"lazy_refresh": True}, "--lazy-refresh"),
            ("2.11.4", {"min_sigterm_delay": 1}, "--min-sigterm-delay"),
            ("2.17.1", {"extra_args": ["--skip-failed-instance-config"]}, "--skip-failed-instance-config"),
            ("2.26.3", {"builtin_metrics": True}, "--enable-builtin-metrics"),
            ("2.26.3", {"extra_args": ["--application-name=x"]}, "--application-name"),
        ],
    )
    def test_a_flag_that_an_image_does_not_know_is_refused(
        self, version: str, options: dict[str, Any], what: str
    ) -> None:
        """The proxy would print its usage and exit with 1; the default version has them all."""
        options = {"exit_zero_on_sigterm": False, **options}
        assert f"{version} has no {what}" in problems(image=f"{REPOSITORY}:{version}", **options)
        assert rendered(**options)

    def test_options_of_an_instance_that_an_image_would_ignore_are_refused(self) -> None:
        """Unknown keys of a query are skipped without a word; DNS names came with 2.15.0."""
        old = {"image": f"{REPOSITORY}:2.4.0", "exit_zero_on_sigterm": False}
        assert "2.4.0 has no psc" in problems(CloudSqlInstance(name="p:r:i", psc=True), **old)
        assert "DNS names such as 'db.example.com'" in problems("db.example.com", **old)

    @pytest.mark.parametrize("image", [REPOSITORY, f"{REPOSITORY}:latest", f"{REPOSITORY}:${{TAG}}", "mirror/sql:1.0"])
    def test_a_version_that_the_image_does_not_tell_is_left_to_the_user(self, image: str) -> None:
        """Nothing is guessed."""
        assert rendered(image=image, lazy_refresh=True)["image"] == image

    @pytest.mark.parametrize("image", ["gcr.io/cloudsql-docker/gce-proxy:1.33.1", f"{REPOSITORY}:1.33.1"])
    def test_version_1_is_refused(self, image: str) -> None:
        """Its flags are others."""
        assert "version 1" in problems(image=image)

    @pytest.mark.parametrize("tag", ["2.22.0-bullseye", "2.24.0-bookworm", "2.11.4-bookworm"])
    def test_a_variant_that_was_not_published_is_refused(self, tag: str) -> None:
        """Kubernetes would try to pull it for ever."""
        assert "there is no -" in problems(image=f"{REPOSITORY}:{tag}")

    @pytest.mark.parametrize("tag", ["2.21.3-bullseye", "2.23.0-bookworm", "2.27.0-alpine"])
    def test_a_variant_that_was_published_is_taken(self, tag: str) -> None:
        """With the flags of its version."""
        assert rendered(image=f"{REPOSITORY}:{tag}")["image"].endswith(tag)
