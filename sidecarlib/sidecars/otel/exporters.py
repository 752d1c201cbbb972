"""Exporters that let the collector stop in time, and how long it takes when their backend is gone.

At SIGTERM the collector ends its exporters one after the other, each once for every signal it carries (service/internal/graph,
ShutdownAll). Retries end at once, then everything queued is sent a last time, `num_consumers` requests together, each for
at most `timeout`. Measured with version 0.165.0 and a backend that accepts and never answers: 30 s with the defaults of
otlp_http, 6.2 s for three full queues with the settings below.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import FrozenMap
from sidecarlib.sidecars.otel.settings import component_type, is_off, names, plain, section

TIMEOUT = "2s"
BATCH: FrozenMap[Any] = FrozenMap({"flush_timeout": "200ms", "min_size": 8192})
BOUND: FrozenMap[Any] = FrozenMap({"sizer": "items", "queue_size": 81920})
"""As many items as ten consumers, the default, send in one round of full batches."""

_DEFAULT_TIMEOUTS = {"otlp_http": "30s", "otlphttp": "30s", "otlp_grpc": "5s", "otlp": "5s"}
_WITHOUT_BACKEND = {"debug", "nop"}
_ITEMS_OF_A_REQUEST = 512
"""What an SDK sends together at most unless told otherwise (OpenTelemetry specification, maxExportBatchSize)."""
_DURATION = re.compile(r"(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+", re.ASCII)
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def with_defaults(exporter: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an exporter: those of the user, and ours for the OTLP exporters where the user has none.

    None in place of `timeout`, `sending_queue` or `sending_queue.batch` leaves ours out and the collector's own default in
    place. Whoever sets `sizer` or `queue_size` bounds the queue himself.
    """
    settings: dict[str, Any] = plain(own)
    if component_type(exporter) not in _DEFAULT_TIMEOUTS:
        return settings
    if settings.setdefault("timeout", TIMEOUT) is None:
        del settings["timeout"]
    queue = settings.setdefault("sending_queue", {})
    if isinstance(queue, dict) and not is_off(queue.get("enabled")):
        settings["sending_queue"] = queue = _queue(queue)
    if not queue:
        del settings["sending_queue"]
    return settings


def _queue(own: Mapping[str, Any]) -> dict[str, Any]:
    queue = dict(own)
    if "batch" not in queue and _takes_batches(queue):
        queue["batch"] = dict(BATCH)
    if queue.get("batch") is None:
        queue.pop("batch", None)
    elif not queue.keys() & BOUND.keys() and _smallest_batch(queue) <= BOUND["queue_size"]:
        queue = {**BOUND, **queue}
    return queue


def _smallest_batch(queue: Mapping[str, Any]) -> int:
    return _whole(section(queue, "batch").get("min_size"), 0) or 0


def _takes_batches(queue: Mapping[str, Any]) -> bool:
    """Whether batches of our size fit: counted in items, they may not be larger than a queue counted in items."""
    sizer = str(queue.get("sizer", "requests"))
    if sizer == "items":
        return (_whole(queue.get("queue_size"), 1000) or 0) >= int(BATCH["min_size"])
    return sizer == "requests"


def check_exporters(checks: Checks, configuration: Mapping[str, Any]) -> None:
    """Notes settings of the OTLP exporters that the collector refuses, or that keep it from stopping."""
    for exporter, own in section(configuration, "exporters").items():
        kind = component_type(exporter)
        if kind not in _DEFAULT_TIMEOUTS:
            continue
        settings, where = section(own), f"exporters[{exporter!r}]"
        _check_endpoint(checks, settings, where, http=_DEFAULT_TIMEOUTS[kind] == _DEFAULT_TIMEOUTS["otlp_http"])
        _check_timeout(checks, settings.get("timeout"), f"{where}.timeout")
        for key in ("sending_queue", "retry_on_failure"):
            if settings.get(key) and not isinstance(settings[key], Mapping) and "${" not in str(settings[key]):
                checks.add(f"{settings[key]!r} are no settings", f"{where}.{key}", 'write {"enabled": False} or others')
        queue, retry = section(settings, "sending_queue"), section(settings, "retry_on_failure")
        if is_off(queue.get("enabled")) and not is_off(retry.get("enabled")):
            checks.add(
                "without a queue the retries hold the stop for minutes",
                where,
                'write "retry_on_failure": {"enabled": False} as well, or leave the queue on',
            )


def _check_timeout(checks: Checks, timeout: object, where: str) -> None:
    if timeout is None or "${" in str(timeout) or duration(timeout):
        return
    if duration(timeout) == 0:
        what = "means no timeout: a silent backend would hold the stop for ever"
    elif str(timeout).replace(".", "", 1).isdecimal():
        what = "has no unit; the collector takes a number for nanoseconds"
    else:
        what = "is no duration"
    checks.add(f"{timeout!r} {what}", where, f"write a number and a unit, such as {TIMEOUT!r}")


def _check_endpoint(checks: Checks, settings: Mapping[str, Any], where: str, *, http: bool) -> None:
    keys = ("endpoint", "traces_endpoint", "metrics_endpoint", "logs_endpoint", "profiles_endpoint")
    endpoints = {key: settings[key] for key in (keys if http else keys[:1]) if settings.get(key)}
    example = "https://otel.example.com" if http else "otel.example.com:4317"
    if not endpoints:
        checks.add("no endpoint", where, f'write {{"endpoint": "{example}", …}}')
    for key, endpoint in endpoints.items():
        if http and "${" not in str(endpoint) and not str(endpoint).startswith(("http://", "https://")):
            checks.add(f"{endpoint!r} is no URL", f"{where}.{key}", f"write the scheme as well, such as {example!r}")


def stop_seconds(configuration: Mapping[str, Any]) -> float | None:
    """The worst case in seconds from SIGTERM to the end with every backend silent, None when an exporter's is not known."""
    exporters = section(configuration, "exporters")
    instances = dict.fromkeys(
        (component_type(pipeline), exporter)
        for pipeline, parts in section(configuration, "service", "pipelines").items()
        for exporter in names(section(parts).get("exporters"))
        if exporter in exporters
    )
    times = [_stop_seconds(component_type(exporter), section(exporters, exporter)) for _, exporter in instances]
    known = [time for time in times if time is not None]
    return max(1.0, math.fsum(known)) if len(known) == len(times) else None


def _stop_seconds(kind: str, settings: Mapping[str, Any]) -> float | None:
    """Seconds of one exporter for one signal: a round for what is under way, then the rounds that the full queue needs."""
    if kind in _WITHOUT_BACKEND:
        return 0.0
    timeout = duration(settings.get("timeout") or _DEFAULT_TIMEOUTS.get(kind))
    queued = _queued_requests(section(settings, "sending_queue"))
    consumers = _whole(section(settings, "sending_queue").get("num_consumers"), 10)
    if not timeout or queued is None or not consumers:
        return None
    return timeout * (1 + math.ceil(queued / consumers))


def _queued_requests(queue: Mapping[str, Any]) -> int | None:
    """The requests to the backend that a full queue makes, None when they cannot be told."""
    if is_off(queue.get("enabled")):
        return 1
    size, sizer = _whole(queue.get("queue_size"), 1000), queue.get("sizer") or "requests"
    batch = queue.get("batch")
    if size is None or "bytes" in {sizer, section(batch).get("sizer")}:
        return None
    if not isinstance(batch, Mapping):
        return size
    smallest = _whole(batch.get("min_size"), BATCH["min_size"])
    if smallest is None:
        return None
    return math.ceil((size if sizer == "items" else size * _ITEMS_OF_A_REQUEST) / smallest) if smallest else size


def duration(value: object) -> float | None:
    """Seconds of a duration as Go writes it (`1m30s`, `200ms`, `0`), None when it is none."""
    if str(value) in {"0", "0.0"}:
        return 0.0
    if not isinstance(value, str) or _DURATION.fullmatch(value) is None:
        return None
    parts = re.findall(r"([\d.]+)(ns|us|µs|μs|ms|s|m|h)", value)
    return math.fsum(float(number) * _UNITS[unit] for number, unit in parts)


def _whole(value: object, default: int) -> int | None:
    """A whole number of a configuration, read as a value or as text; None when it is neither there nor readable."""
    if value is None:
        return default
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else None
