"""The flags of the proxy that are options of the sidecar.

Source: cmd/root.go of github.com/GoogleCloudPlatform/cloud-sql-proxy, version 2.27.0.
"""

from __future__ import annotations

from typing import Any

SAME_NAMES = (
    "port", "private_ip", "psc", "auto_ip", "auto_iam_authn", "credentials_file", "impersonate_service_account",
    "unix_socket", "quota_project", "max_connections", "run_connection_test", "lazy_refresh", "sqladmin_api_endpoint",
    "universe_domain", "exit_zero_on_sigterm", "min_sigterm_delay", "max_sigterm_delay", "structured_logs", "quiet",
    "debug_logs", "prometheus", "prometheus_namespace", "telemetry_project", "telemetry_prefix", "telemetry_sample_rate",
    "disable_metrics", "disable_traces", "debug", "admin_port",
)  # fmt: skip
"""Options of the sidecar that are flags under the same name."""
OPTIONS: dict[str, str] = {option.replace("_", "-"): option for option in SAME_NAMES} | {
    "health-check": "health_port",
    "http-port": "health_port",
    "enable-builtin-metrics": "builtin_metrics",
}
"""The option that stands for a flag."""


def flag(name: str, value: Any) -> str:
    """One argument; True is a bare flag."""
    return f"--{name}" if value is True else f"--{name}={value}"


def argument_text(text: str) -> str | None:
    """What to write instead of a text, or None: `$(NAME)` is a variable of the container, `$$` would arrive as `$`."""
    return "write '$' once; the kubelet makes one of two" if "$$" in text else None


def admin_api(text: str) -> str | None:
    """What to write instead of an address of the Admin API, or None."""
    return argument_text(text) if text.startswith(("https://", "http://", "$(")) else "write https://…"


def service_account(text: str) -> str | None:
    """What to write instead of a service account, or None."""
    return argument_text(text) if not set(text) & set(", \t\n") else "write one account an item, in a list"
