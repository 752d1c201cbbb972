"""What all workloads are: one cdk8s object around a pod template, and the ConfigMaps that the Pod mounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from cdk8s import ApiObjectMetadata
from constructs import Construct, IConstruct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.composition.rendered import Rendered
from sidecarlib.composition.templating import Target, render_for
from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.workloads.config_maps import add_config_maps, remove
from sidecarlib.workloads.manifest_object import ManifestObject
from sidecarlib.workloads.metadata import automatic_name, chosen_name, object_metadata
from sidecarlib.workloads.printable import check_printable
from sidecarlib.workloads.target import target_of

OWN_KEYS = frozenset({"apiVersion", "kind", "metadata"})
"""What cdk8s itself prints of an object."""


class WorkloadFields(TypedDict, total=False):
    """What every workload takes."""

    name: str | None
    """The object's name; without one cdk8s makes one of the construct's path."""
    metadata: ApiObjectMetadata | None
    """Labels, annotations and namespace of the workload itself; the chart's come on top."""
    kubernetes: str | KubernetesVersion | None
    """The target version; without one `set_target`'s, else 1.33."""
    acknowledge: Mapping[str, str]
    """Rule ids with the reason why their findings are fine here; kept as annotations."""
    extra: Mapping[str, Any]
    """Further fields of the workload's spec in camelCase; mappings merge deep."""


class WorkloadObject(ManifestObject):
    """A workload; its subclasses say which fields of their own its spec has.

    Raises `InvalidValueError` with everything that is wrong, and then leaves nothing in the construct tree.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api_version: str,
        kind: str,
        pod: PodSpec,
        spec: Mapping[str, Any] = EMPTY,
        problems: Checks | None = None,
        name: str | None = None,
        generate_name: str | None = None,
        metadata: ApiObjectMetadata | None = None,
        kubernetes: str | KubernetesVersion | None = None,
        acknowledge: Mapping[str, str] = EMPTY,
        extra: Mapping[str, Any] = EMPTY,
        restart_policy: str | None = None,
        match_labels: Mapping[str, str] | None = None,
        template_path: tuple[str, ...] | None = None,
        rolls: bool | None = None,
    ) -> None:
        checks = problems or Checks(f"{kind} {id!r}")
        if not isinstance(pod, PodSpec):
            checks.add(f"{type(pod).__name__} is no PodSpec", "pod", "write a PodSpec")
            checks.raise_if_any()
        given = chosen_name(checks, name, metadata, generate_name)
        spec = checks.mapping("spec", {key: value for key, value in spec.items() if value is not None})
        extra = checks.mapping("extra", extra)
        version = target_of(scope) if kubernetes is None else kubernetes

        def rendered_as(known_as: str) -> Rendered:
            target = Target(
                kind=kind,
                name=known_as,
                api_version=api_version,
                kubernetes=version,
                restart_policy=restart_policy,
                match_labels=match_labels,
                acknowledge=acknowledge,
                spec=spec,
                extra=extra,
                rolls=rolls,
                template_path=template_path,
            )
            found = render_for(pod, target, earlier=checks.noted)
            for printed in (found.manifest, *found.config_maps):
                check_printable(checks, printed, f"{kind} {known_as!r}")
            checks.raise_if_any()
            return found

        known_as = (
            generate_name.rstrip("-.")
            if generate_name
            else given or automatic_name(scope, id, api_version=api_version, kind=kind)
        )
        if known_as is None:
            checks.raise_if_any()
        rendered = None if known_as is None else rendered_as(known_as)
        made = add_config_maps(scope, rendered, metadata) if rendered is not None else []
        own = object_metadata(metadata, name=None if generate_name else known_as, rendered=rendered)
        try:
            super().__init__(scope, id, api_version=api_version, kind=kind, metadata=own)
        except Exception:
            remove(scope, made)
            raise
        if rendered is None:
            try:
                rendered = rendered_as(self.name)
                made = add_config_maps(scope, rendered, metadata)
            except Exception:
                remove(scope, [id])
                raise
            self._print_behind([scope.node.find_child(child) for child in made], rendered)
        self._match_labels = rendered.match_labels
        self.add_body({key: value for key, value in _manifest(rendered).items() if key not in OWN_KEYS})
        if generate_name:
            self.replace_name_by(generate_name)

    @property
    def match_labels(self) -> Mapping[str, str]:
        """The labels that pick this workload's Pods, for Services; empty where the kind has no selector."""
        return dict(self._match_labels)

    def _print_behind(self, config_maps: Sequence[IConstruct], rendered: Rendered) -> None:
        """Does what comes by itself for an object whose name is known before it is made."""
        if config_maps:
            self.add_dependency(*config_maps)
        own = _manifest(rendered).get("metadata", {})
        for key, value in own.get("labels", {}).items():
            if self.metadata.get_label(key) is None:
                self.metadata.add_label(key, value)
        for key, value in own.get("annotations", {}).items():
            self.metadata.add_annotation(key, value)


def _manifest(rendered: Rendered) -> dict[str, Any]:
    return rendered.manifest or {}
