"""What the program itself says to the configurations, where a `vault` is at hand."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sidecarlib import VaultAppRoleAuth, VaultJwtAuth, VaultSink, VaultTemplate, VaultTls
from tests.sidecars.vault.agents import CONFIG_FILE, TEMPLATE, agent, own

pytestmark = pytest.mark.skipif(shutil.which("vault") is None, reason="needs the program vault on PATH")


def verdict(configuration: str, folder: Path) -> str:
    """What an agent that only reads its configuration prints: nothing where all is well."""
    file = folder / "config.json"
    file.write_text(configuration, encoding="utf-8")
    command = ["vault", "agent", f"-config={file}", "-test-verify-only"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"auth": VaultAppRoleAuth(secret="ids", secret_id_wrapping_path="auth/approle/role/app/secret-id")},
        {"auth": VaultJwtAuth(role="app", namespace="admin"), "min_backoff": "1s", "exit_on_err": True},
        {"namespace": "admin", "tls": VaultTls(ca_secret="ca", client_secret="tls", server_name="x", skip_verify=True)},
        {"exit_on_retry_failure": True, "max_retries": 0, "static_secret_render_interval": "1m30s"},
        {"sink": VaultSink(wrap_ttl="5m"), "listener_port": 8100, "cache": True, "use_auto_auth_token": False},
        {"log_level": "trace", "log_format": "standard", "extra_config": {"telemetry": {"disable_hostname": True}}},
        {"files": {"a": 'é 😀 \x00 ${x " \\ \u2028', "b": TEMPLATE}},
        {
            "files": {
                "a": VaultTemplate(
                    contents="<< key >>",
                    left_delimiter="<<",
                    right_delimiter=">>",
                    perms="640",
                    command=["/bin/sh", "-c", "true"],
                    error_fatal=True,
                    extra={"wait": {"min": "1s", "max": "4s"}, "sandbox_path": "/x", "function_denylist": ["env"]},
                )
            }
        },
    ],
)
def test_it_accepts_what_is_generated(options: dict[str, Any], tmp_path: Path) -> None:
    """Every option in a configuration that the agent loads."""
    assert verdict(agent(**options).files[CONFIG_FILE], tmp_path) == ""


def test_it_accepts_a_method_that_is_written_as_an_object(tmp_path: Path) -> None:
    """The form that it refuses when it is not put into a list."""
    method = {"type": "kubernetes", "config": {"role": "app"}}
    template = {"destination": "/vault/secrets/x", "contents": TEMPLATE}
    assert verdict(own({"auto_auth": {"method": method}, "template": template}).files[CONFIG_FILE], tmp_path) == ""


def test_it_refuses_an_unknown_key_of_a_template(tmp_path: Path) -> None:
    """So what is accepted above has been looked at."""
    template = VaultTemplate(contents=TEMPLATE, extra={"perm": "0600"})
    assert "invalid keys: perm" in verdict(agent(files={"x": template}).files[CONFIG_FILE], tmp_path)
