"""An OTLP backend that remembers what it got: a real OpenTelemetry Collector with the debug exporter.

It stands in for the tracing backend that a team runs or buys; the protocol is the same.
"""

from __future__ import annotations

import json
import re

from tests.cluster.backends.backend_pod import start_backend
from tests.cluster.images import OTEL_COLLECTOR
from tests.cluster.kubernetes.conditions import Condition
from tests.cluster.kubernetes.namespace import Namespace

CONFIGURATION = {
    "receivers": {"otlp": {"protocols": {"http": {"endpoint": "0.0.0.0:4318"}, "grpc": {"endpoint": "0.0.0.0:4317"}}}},
    "exporters": {"debug": {"verbosity": "detailed"}},
    "extensions": {"health_check": {"endpoint": "0.0.0.0:13133"}},
    "service": {
        "extensions": ["health_check"],
        "pipelines": {
            signal: {"receivers": ["otlp"], "exporters": ["debug"]} for signal in ("traces", "metrics", "logs")
        },
        # without this only some of the repeated lines are printed
        "telemetry": {"logs": {"sampling": {"enabled": False}}, "metrics": {"level": "none"}},
    },
}


class RecordingCollector:
    """Reachable at `http_endpoint` and `grpc_endpoint`, by IP."""

    def __init__(self, namespace: Namespace, name: str = "recorder") -> None:
        self._namespace, self._name = namespace, name
        address = start_backend(
            namespace,
            name,
            user=10001,
            image=OTEL_COLLECTOR,
            args=["--config=env:CONFIGURATION"],
            env=[{"name": "CONFIGURATION", "value": json.dumps(CONFIGURATION)}],
            readinessProbe={"httpGet": {"path": "/", "port": 13133}, "periodSeconds": 1},
        )
        self.http_endpoint, self.grpc_endpoint = f"http://{address}:4318", f"{address}:4317"

    def spans(self) -> list[str]:
        """The names of all spans so far, in the order of arrival."""
        return re.findall(r"^ +Name +: (.+)$", self._namespace.logs(f"pod/{self._name}", self._name), re.MULTILINE)

    def wait_span(self, name: str, within: float = 15) -> None:
        """Returns once a span of this name has come."""
        arrived = Condition(f"received span {name}", lambda _: name in self.spans())
        self._namespace.wait(f"pod/{self._name}", arrived, within)


def send_span(name: str, endpoint: str = "http://127.0.0.1:4318") -> str:
    """A shell command for busybox that sends one span over HTTP, and then prints `sent NAME`; it fails where nobody accepts."""
    span = {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": "eee19b7ec3c1b174",
        "name": name,
        "kind": 1,
        "startTimeUnixNano": "1",
        "endTimeUnixNano": "2",
    }
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})
    return f"wget -q -O - --header 'Content-Type: application/json' --post-data '{body}' {endpoint}/v1/traces && echo '' sent {name}"
