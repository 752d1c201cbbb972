"""What a Pod description becomes for one workload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Rendered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Plain dicts, ready to be printed or sent to an API server.

    `template` is the pod template (`metadata` and `spec`; of a Pod: its own), `config_maps` the whole ConfigMaps that it mounts,
    without namespace. `annotations` belong on the workload's own metadata, `match_labels` into its selector. `manifest` is the
    whole object with the template in place, where one was given.
    """

    template: dict[str, Any]
    config_maps: tuple[dict[str, Any], ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)
    match_labels: Mapping[str, str] = field(default_factory=dict)
    manifest: dict[str, Any] | None = None
