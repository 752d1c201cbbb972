"""A configuration of an agent by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import Probe, VaultAppRoleAuth, Volume
from tests.sidecars.vault.agents import agent, configured, own, problems, rendered, volumes


class TestOwnConfiguration:
    """A whole configuration by hand."""

    def test_it_is_what_the_agent_reads(self) -> None:
        """Method, cache and vault are put in a form that the agent reads as it is meant; the rest stays."""
        configuration: dict[str, Any] = {
            "auto_auth": {"method": {"type": "token_file", "config": {"token_file_path": "/token"}}},
            "cache": {"persist": {"kubernetes": {"path": "/vault/secrets"}}},
            "template": {"destination": "/vault/secrets/x", "contents": "é\n"},
            "unknown": {"a": {"b": 1}},
        }
        found = configured(own(configuration))
        assert found["auto_auth"]["method"] == [configuration["auto_auth"]["method"]]
        assert found["cache"]["persist"] == [configuration["cache"]["persist"]]
        assert (found["template"], found["unknown"]) == (configuration["template"], configuration["unknown"])

    def test_its_destinations_are_the_files_and_the_gate(self) -> None:
        """Under their paths below the secrets' directory."""
        sink = {"type": "file", "config": {"path": "/vault/secrets/token"}}
        templates = [
            {"destination": "/vault/secrets/conf/a", "contents": "x"},
            {"destination": "/own/b", "contents": "x"},
        ]
        mount = Volume.empty_dir("own").mount("/own")
        sidecar = own({"auto_auth": {"sink": [sink]}, "template": templates}, volume_mounts=[mount])
        assert sidecar.file("conf/a").path == "/vault/secrets/conf/a"
        assert sidecar.file("token").path == "/vault/secrets/token"
        assert sidecar.file("/own/b").directory == "/own"
        tests = "test -f /vault/secrets/conf/a && test -f /own/b && test -f /vault/secrets/token"
        assert rendered(sidecar)["startupProbe"]["exec"]["command"][-1] == tests

    @pytest.mark.parametrize(
        "listener",
        [
            {"type": "tcp", "address": "127.0.0.1:8100", "tls_disable": True},
            {"tcp": {"address": "127.0.0.1:8100", "tls_disable": "true"}},
            [
                {"type": "unix", "address": "/vault/secrets/agent.sock"},
                {"type": "tcp", "address": "[::1]:8100", "tls_disable": 1},
            ],
        ],
    )
    def test_its_listeners_are_declared(self, listener: Any) -> None:
        """However they are written."""
        sidecar = own({"listener": listener}, startup_probe=Probe.none(because="nothing is rendered"))
        assert rendered(sidecar)["ports"] == [{"containerPort": 8100}]
        assert sidecar.env()[0].value == "http://127.0.0.1:8100"

    def test_no_options_stand_beside_it(self) -> None:
        """They would have no effect."""
        text = problems(config={"listener": {"type": "tcp"}}, auth=VaultAppRoleAuth(secret="ids"), cache=True)
        for name in ("address", "auth", "cache", "files"):
            assert f", {name}: " in text

    def test_no_volumes_of_a_login_are_brought(self) -> None:
        """What it reads is mounted with `volume_mounts`."""
        sidecar = own({"template": {"destination": "/vault/secrets/x", "contents": "x"}})
        assert list(volumes(sidecar)) == ["/vault/secrets"]

    def test_extra_config_adds_to_the_generated_one(self) -> None:
        """Mappings merge, and what the library sets is not overruled."""
        added = {"template_config": {"max_connections_per_host": 5}, "telemetry": {"disable_hostname": True}}
        configuration = configured(agent(extra_config=added))
        assert configuration["template_config"]["max_connections_per_host"] == 5
        assert "static_secret_render_interval" in configuration["template_config"]
        assert configuration["telemetry"] == {"disable_hostname": True}
        assert "log_level is set already" in problems(extra_config={"log_level": "debug"})
