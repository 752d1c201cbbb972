"""What the manifest of a collector that somebody else wrote tells about the ports it binds to loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.model.checks import Checks
from sidecarlib.sidecars.otel.configuration import parsed
from sidecarlib.sidecars.otel.distribution import default_metrics_host, has_demonstration, older_than
from sidecarlib.sidecars.otel.listeners import listeners
from sidecarlib.sidecars.otel.settings import overlay

DEMONSTRATION_HEALTH_PORT = 13133
_LOOPBACK_SINCE = (0, 104)
"""For every default but that of its own metrics."""


def loopback_ports(container: ContainerView) -> frozenset[int]:
    """The ports that a collector is certain to bind to 127.0.0.1: none unless its whole configuration stands in the manifest.

    Without command and arguments the core and contrib images run a demonstration whose health check is on loopback.
    """
    if older_than(container.image, _LOOPBACK_SINCE):
        return frozenset()
    if not container.invocation:
        return frozenset({DEMONSTRATION_HEALTH_PORT} if has_demonstration(container.image) else ())
    configuration = _configuration(container)
    found = listeners(configuration, metrics_host=default_metrics_host(container.image)) if configuration else ()
    return frozenset(each.port for each in found if each.on_loopback and each.port is not None)


def _configuration(container: ContainerView) -> Mapping[str, Any]:
    """The configuration that the arguments hold, empty when any part of it stands elsewhere."""
    merged: dict[str, Any] = {}
    for source in _sources(container.invocation):
        scheme, _, rest = source.partition(":")
        text = {"yaml": rest, "env": container.literal_env.get(rest)}.get(scheme)
        configuration = {} if text is None or "$(" in text else _nested(parsed(Checks(container.name), text))
        if not configuration:
            return {}
        merged = overlay(merged, configuration)
    return merged


def _sources(words: tuple[str, ...]) -> Iterator[str]:
    """Where the collector reads its configuration, in the order of precedence; an empty text for what is not known."""
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word == "--config":
            yield following
        elif word.startswith("--config="):
            yield word.removeprefix("--config=")
        elif word == "--set" or word.startswith("--set="):
            yield ""


def _nested(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with keys such as `receivers::otlp` unfolded, as the collector reads them."""
    unfolded: dict[str, Any] = {}
    for key, value in configuration.items():
        inner = _nested(value) if isinstance(value, Mapping) else value
        for part in reversed(key.split("::")):
            inner = {part: inner}
        unfolded = overlay(unfolded, inner)
    return unfolded
