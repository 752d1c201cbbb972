"""The variables by which an application's OpenTelemetry SDK finds the collector and says who it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote

from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.sidecars.otel.listeners import OTLP_GRPC, OTLP_HTTP, Listener

PROTOCOLS = {"http/protobuf": OTLP_HTTP, "grpc": OTLP_GRPC}
POD_FIELDS = {
    "k8s.pod.name": ("OTEL_RESOURCE_ATTRIBUTES_POD_NAME", "metadata.name"),
    "k8s.pod.uid": ("OTEL_RESOURCE_ATTRIBUTES_POD_UID", "metadata.uid"),
    "k8s.namespace.name": ("OTEL_RESOURCE_ATTRIBUTES_POD_NAMESPACE", "metadata.namespace"),
    "k8s.node.name": ("OTEL_RESOURCE_ATTRIBUTES_NODE_NAME", "spec.nodeName"),
}
"""Names that leave an application's own POD_NAME alone: POD_NAME, POD_UID and NODE_NAME as the OpenTelemetry operator writes
them; it writes the namespace as text, our POD_NAMESPACE follows the same pattern."""

_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*", re.ASCII)
_UNENCODED = "!#&'()*+-./:<>?@[]^_`{|}~"
"""Baggage characters (W3C Baggage), without '%' and '$': the kubelet would expand `$(…)`."""


def application_env(
    found: Sequence[Listener],
    *,
    provider: str,
    protocol: str | None,
    service_name: str | None,
    resource_attributes: Mapping[str, str],
    pod_attributes: bool,
) -> tuple[EnvVar, ...]:
    """The variables of the collector called `provider`, empty when it receives no OTLP; raises `InvalidValueError`."""
    checks = Checks("OtelSidecar.env")
    checks.choice("protocol", protocol, PROTOCOLS)
    checks.optional_text("service_name", service_name)
    checks.flag("pod_attributes", pod_attributes)
    attributes = checks.text_mapping("resource_attributes", resource_attributes, key=_attribute_key)
    endpoints = {name: url for name in PROTOCOLS if (url := _endpoint(found, PROTOCOLS[name])) is not None}
    asked = protocol is not None or service_name is not None or bool(attributes)
    if asked and (protocol or next(iter(endpoints), None)) not in endpoints:
        checks.add(
            f"the collector takes no OTLP over {protocol or 'http/protobuf or grpc'} on 127.0.0.1",
            "protocol",
            f"write {' or '.join(map(repr, endpoints))}" if endpoints else "give it an otlp receiver",
        )
    checks.raise_if_any()
    if not endpoints:
        return ()
    chosen = protocol or next(iter(endpoints))
    variables = [
        EnvVar(name="OTEL_EXPORTER_OTLP_ENDPOINT", value=endpoints[chosen], provider=provider),
        EnvVar(name="OTEL_EXPORTER_OTLP_PROTOCOL", value=chosen, provider=provider),
    ]
    if service_name is not None:
        variables.append(EnvVar(name="OTEL_SERVICE_NAME", value=service_name, provider=provider))
    fields = {key: field for key, field in POD_FIELDS.items() if key not in attributes} if pod_attributes else {}
    variables += [
        _field(name, path, provider) for name, path in fields.values()
    ]  # before the variable that refers to them
    pairs = [f"{key}={quote(value, safe=_UNENCODED)}" for key, value in attributes.items()]
    pairs += [f"{key}=$({name})" for key, (name, _) in fields.items()]
    if pairs:
        variables.append(EnvVar(name="OTEL_RESOURCE_ATTRIBUTES", value=",".join(pairs), provider=provider))
    return tuple(variables)


@lru_cache(maxsize=256)
def _field(name: str, path: str, provider: str) -> EnvVar:
    return EnvVar.field(name, path).provided_by(provider)


def _endpoint(found: Sequence[Listener], name: str) -> str | None:
    listener = next((each for each in found if each.name == name and each.port is not None), None)
    if listener is None or not listener.answers_locally:
        return None
    return f"{'https' if listener.tls else 'http'}://127.0.0.1:{listener.port}"


def _attribute_key(key: str) -> str | None:
    return None if _ATTRIBUTE.fullmatch(key) else "use letters, digits, '.', '_', '-' and '/', a letter first"
