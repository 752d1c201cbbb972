"""Where an object of an unknown kind embeds pod specs, and whole objects of Kubernetes' own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sidecarlib.manifests.objects import ManifestObject
from sidecarlib.manifests.reading import mapping, mappings, pointer, text

SEARCH_DEPTH = 12
"""How deep an object is searched: operators nest templates in lists of components."""
DESCRIBING_GROUPS = frozenset(
    {
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "constraints.gatekeeper.sh",
        "kyverno.io",
        "mutations.gatekeeper.sh",
        "policies.kyverno.io",
        "templates.gatekeeper.sh",
    }
)
"""API groups whose objects describe what Pods may look like: their `containers` are schemas and patterns."""
NEVER_RUN = frozenset({"ControllerRevision", "CustomResourceDefinition"})
"""Kinds that keep what another object once was, or describe one; told by their name, as a patch may lack its `apiVersion`."""
SPEC_KEYS = frozenset({"podSpec", "podTemplate", "podTemplateSpec", "spec"})
"""Keys whose value may be a pod spec itself."""
UNSEARCHED = frozenset({"metadata", "status"})
"""Fields of an object in which nothing is meant to run."""

FieldPath: TypeAlias = tuple[str | int, ...]


def embedded_specs(found: ManifestObject) -> Iterator[FieldPath | ManifestObject]:
    """The paths of the pod specs in an object, and the objects in it that have an `apiVersion` and a `kind` of their own.

    Its own `spec` is never taken for one: where that has `containers`, as in the Prometheus operator's kinds, they are
    additions to a Pod that the operator makes.
    """
    if not found.kind or found.kind in NEVER_RUN or found.group in DESCRIBING_GROUPS:
        return
    for key, value in found.data.items():
        if isinstance(key, str) and key not in UNSEARCHED:
            if key != "spec" and _is_pod_spec(key, value):
                yield (key,)
            else:
                yield from _search(value, (key,), found.pointer, SEARCH_DEPTH)


def _search(value: object, path: FieldPath, at: str, depth: int) -> Iterator[FieldPath | ManifestObject]:
    if not depth:
        return
    if isinstance(value, (list, tuple)):
        for index, item in mappings(value):
            yield from _search(item, (*path, index), at, depth - 1)
    elif isinstance(value, (dict, Mapping)):
        inner = _own_object(value, path, at)
        if inner is not None:
            yield inner
            return
        for key, item in value.items():
            if isinstance(key, str):
                if _is_pod_spec(key, item):
                    yield (*path, key)
                else:
                    yield from _search(item, (*path, key), at, depth - 1)


def _own_object(value: Mapping[str, Any], path: FieldPath, at: str) -> ManifestObject | None:
    kind, api_version = text(value.get("kind")), text(value.get("apiVersion"))
    if not (kind and api_version):
        return None
    return ManifestObject(data=value, pointer=pointer(at, path), api_version=api_version, kind=kind)


def _is_pod_spec(key: str, value: object) -> bool:
    """Whether a value is a pod spec: its containers are mappings, each with the name or the image of a container."""
    containers = value.get("containers") if key in SPEC_KEYS and isinstance(value, (dict, Mapping)) else None
    if not isinstance(containers, (list, tuple)) or not containers:
        return False
    return all(text(mapping(each).get("name")) or text(mapping(each).get("image")) for each in containers)
