"""What sidecarlib makes of a Pod, as the objects that a user would hand to `kubectl apply`."""

from __future__ import annotations

from typing import Any

import cdk8s

import sidecarlib
from sidecarlib import PodSpec


def objects(kind: str, name: str | None, pod: PodSpec, /, **options: Any) -> list[dict[str, Any]]:
    """The workload, and before it the ConfigMaps that it mounts: one construct, in a chart of its own, synthesised."""
    chart = cdk8s.Testing.chart()
    getattr(sidecarlib, kind)(chart, name or "automatic", name=name, pod=pod, **options)
    return list(cdk8s.Testing.synth(chart))
