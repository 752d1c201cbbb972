"""Finding the pod template in any kind of object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, nested, pointer, text
from sidecarlib.model.kubernetes_version import KubernetesVersion

TEMPLATE_PATHS: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
}
SEARCH_DEPTH = 12
"""How deep an unknown kind is searched: operators nest templates in lists of components."""
SCHEMA_KINDS = frozenset({"CustomResourceDefinition"})
"""Kinds whose `containers` are descriptions of fields, not containers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodTemplate:
    """A pod template inside an object.

    `document` is the whole object, `template_path` the keys and indexes that lead to the template in it (empty for a Pod),
    `pointer` the JSON pointer of its spec in the file's document. `partial` tells a template whose containers have no image, as in a
    patch. `known` is False for a kind that is not Kubernetes' own.
    """

    kind: str
    name: str
    document: Mapping[str, Any]
    template_path: tuple[str | int, ...]
    pointer: str
    known: bool
    partial: bool

    @property
    def template(self) -> Mapping[str, Any]:
        """The template: `metadata` and `spec`."""
        return mapping(nested(self.document, self.template_path))

    @property
    def spec(self) -> Mapping[str, Any]:
        """The pod spec."""
        return mapping(self.template.get("spec"))

    def view(self, version: KubernetesVersion | None = None) -> PodView:
        """The Pod, for rules; the kind is told only where it is Kubernetes' own."""
        return PodView(
            self.spec,
            pointer=self.pointer,
            kind=self.kind,
            version=version,
            document=self.document,
            metadata=mapping(self.document.get("metadata")),
        )


def pod_templates(data: object, at: str = "") -> Iterator[PodTemplate]:
    """The pod templates of an object, or of every object of a List; `at` is the object's JSON pointer in its file."""
    if not isinstance(data, Mapping):
        return
    kind = text(data.get("kind"))
    if kind.endswith("List") and isinstance(data.get("items"), (list, tuple)):
        for index, item in enumerate(data["items"]):
            yield from pod_templates(item, pointer(at, ("items", index)))
        return
    path = TEMPLATE_PATHS.get(kind)
    if path is not None:
        if _looks_like_a_pod(nested(data, (*path, "spec"))):
            yield _template(data, kind, path, at, known=True)
    elif kind not in SCHEMA_KINDS:
        for found in _search(data, (), SEARCH_DEPTH):
            yield _template(data, kind, found, at, known=False)


def _template(data: Mapping[str, Any], kind: str, path: tuple[str | int, ...], at: str, *, known: bool) -> PodTemplate:
    spec = mapping(nested(data, (*path, "spec")))
    containers = [*items(spec.get("containers")), *items(spec.get("initContainers"))]
    return PodTemplate(
        kind=kind,
        name=text(mapping(data.get("metadata")).get("name")),
        document=data,
        template_path=path,
        pointer=pointer(at, (*path, "spec")),
        known=known,
        partial=any(not mapping(container).get("image") for container in containers),
    )


def _search(value: object, path: tuple[str | int, ...], depth: int) -> Iterator[tuple[str | int, ...]]:
    """Where in an unknown object templates are: every mapping whose `spec` is a pod's."""
    if depth == 0:
        return
    if isinstance(value, Mapping):
        if path and _looks_like_a_pod(value.get("spec")):
            yield path
            return
        for key, item in value.items():
            if isinstance(key, str):
                yield from _search(item, (*path, key), depth - 1)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _search(item, (*path, index), depth - 1)


def _looks_like_a_pod(spec: object) -> bool:
    """Whether a value is a pod spec: its containers are mappings, each with a name or an image."""
    if not isinstance(spec, Mapping):
        return False
    containers = spec.get("containers")
    if not isinstance(containers, (list, tuple)) or not containers:
        return bool(items(spec.get("initContainers")))
    return all(isinstance(each, Mapping) and ("name" in each or "image" in each) for each in containers)
