"""A whole workload around a pod template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sidecarlib.errors import Problems
from sidecarlib.model.frozen import thaw

if TYPE_CHECKING:
    from sidecarlib.composition.templating import Target

API_VERSIONS = {
    "Pod": "v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
}
TEMPLATE_PATHS: Mapping[str, tuple[str, ...]] = {"Pod": (), "CronJob": ("spec", "jobTemplate", "spec", "template")}
DEFAULT_TEMPLATE_PATH = ("spec", "template")


def build_manifest(
    target: Target,
    template: dict[str, Any],
    match_labels: Mapping[str, str],
    annotations: Mapping[str, str],
    problems: Problems,
) -> dict[str, Any]:
    """The manifest of a workload: its own fields, its selector, and the template in its place.

    The parts of `template` are shared, everything around it is new. A field that the user has set where one of
    these belongs is noted as a problem.
    """
    api_version = target.api_version or API_VERSIONS.get(target.kind)
    manifest: dict[str, Any] = {} if api_version is None else {"apiVersion": api_version}
    manifest["kind"] = target.kind
    metadata: dict[str, Any] = {"name": target.name}
    if not target.path:
        own = template.get("metadata", {})
        metadata.update(own)
        annotations = {**own.get("annotations", {}), **annotations}
    if annotations:
        metadata["annotations"] = dict(annotations)
    manifest["metadata"] = metadata
    if not target.path:
        manifest["spec"] = dict(template["spec"])
        return manifest
    if target.spec:
        manifest["spec"] = thaw(target.spec)
    parent: dict[str, Any] = manifest
    for key in target.path[:-1]:
        parent = parent.setdefault(key, {})
        if not isinstance(parent, dict):
            problems.add(f"{key} is no mapping", "spec", "leave it out: the template stands there")
            parent = {}
    if match_labels:
        _set(manifest["spec"], "selector", {"matchLabels": dict(match_labels)}, problems)
    _set(parent, target.path[-1], template, problems)
    return manifest


def _set(parent: dict[str, Any], key: str, value: Any, problems: Problems) -> None:
    if key in parent:
        problems.add(f"{key} is set already", f"spec.{key}", "leave it out: it is made of the Pod and of match_labels")
    parent[key] = value
