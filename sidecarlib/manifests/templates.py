"""Finding the pod template in any kind of object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.manifests.objects import ManifestObject, objects_in
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, nested, pointer
from sidecarlib.manifests.template_search import embedded_specs
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
OWN_GROUPS = frozenset({"", "apps", "batch", "extensions"})
"""API groups of the kinds in `TEMPLATE_PATHS`; other groups have kinds of the same names, such as the Job of Volcano."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodTemplate:
    """A pod template inside an object.

    `kind` is the object's; one that only shares its name with a kind of Kubernetes' own is qualified as kubectl does it
    (`Job.batch.volcano.sh`). `document` is the whole object, `object_pointer` where it stands in the file's document, and
    `spec_path` the keys and indexes that lead from the object to the pod spec. `known` is False for a kind that is not
    Kubernetes' own. `partial` tells a template that is not the whole Pod, as in a patch: it has no `containers`, or some of
    them have no image.
    """

    kind: str
    api_version: str
    name: str
    namespace: str | None
    document: Mapping[str, Any]
    object_pointer: str
    spec_path: tuple[str | int, ...]
    known: bool
    partial: bool

    @property
    def template_path(self) -> tuple[str | int, ...]:
        """The keys and indexes that lead from the object to the template; empty for a Pod."""
        return self.spec_path[:-1]

    @property
    def template(self) -> Mapping[str, Any]:
        """The template: `metadata` and `spec`. Where a pod spec stands without a template, the mapping that has it."""
        return mapping(nested(self.document, self.template_path))

    @property
    def spec(self) -> Mapping[str, Any]:
        """The pod spec."""
        return mapping(nested(self.document, self.spec_path))

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The object's metadata."""
        return mapping(self.document.get("metadata"))

    @property
    def pointer(self) -> str:
        """The JSON pointer of the pod spec in the file's document."""
        return pointer(self.object_pointer, self.spec_path)

    @property
    def template_pointer(self) -> str:
        """The JSON pointer of the template in the file's document."""
        return pointer(self.object_pointer, self.template_path)

    def view(self, version: KubernetesVersion | None = None) -> PodView:
        """The Pod, for rules, as it is for a target version."""
        return PodView(
            self.spec,
            pointer=self.pointer,
            kind=self.kind,
            version=version,
            document=self.document,
            metadata=self.metadata,
        )


def pod_templates(target: object, at: str = "") -> Iterator[PodTemplate]:
    """The pod templates of an object, or of every object of a List, in the order in which they are written.

    `target` is a `ManifestObject`, or plain data whose JSON pointer in its file is `at`.
    """
    for found in [target] if isinstance(target, ManifestObject) else objects_in(target, at):
        own = found.kind in TEMPLATE_PATHS
        if own and found.group in OWN_GROUPS:
            path = (*TEMPLATE_PATHS[found.kind], "spec")
            if isinstance(nested(found.data, path), (dict, Mapping)):
                yield _template(found, found.kind, path, known=True)
            continue
        kind = f"{found.kind}.{found.group}" if own else found.kind
        for inner in embedded_specs(found):
            if isinstance(inner, ManifestObject):
                yield from pod_templates(inner)
            else:
                yield _template(found, kind, inner, known=False)


def _template(found: ManifestObject, kind: str, spec_path: tuple[str | int, ...], *, known: bool) -> PodTemplate:
    spec = mapping(nested(found.data, spec_path))
    containers = [*items(spec.get("containers")), *items(spec.get("initContainers"))]
    return PodTemplate(
        kind=kind,
        api_version=found.api_version,
        name=found.name,
        namespace=found.namespace,
        document=found.data,
        object_pointer=found.pointer,
        spec_path=spec_path,
        known=known,
        partial="containers" not in spec or any(not mapping(container).get("image") for container in containers),
    )
