"""The pod template of one workload: name, kind and target version added to what the Pod itself is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sidecarlib.composition.files import checksum
from sidecarlib.composition.identity import (
    CHECKSUM_ANNOTATION,
    ROLLING_KINDS,
    RUN_TO_COMPLETION_KINDS,
    SELECTING_KINDS,
    reasons,
    workload_selector,
)
from sidecarlib.composition.judging import settle, workload_findings
from sidecarlib.composition.manifest import DEFAULT_TEMPLATE_PATH, TEMPLATE_PATHS, build_manifest
from sidecarlib.composition.rendered import Rendered
from sidecarlib.errors import InvalidValueError
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.checks import Checks
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.kubernetes_version import DEFAULT_KUBERNETES, KubernetesVersion
from sidecarlib.model.names import dns_subdomain, label_value, qualified_key
from sidecarlib.rules.frame.acknowledgement import check_acknowledge

if TYPE_CHECKING:
    from sidecarlib.composition.pod_spec import PodSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The workload that a Pod is rendered for.

    `spec` holds the workload's own fields beside the template, in camelCase, `extra` more of them to be merged in. `rolls`
    tells whether a change of a file should replace the Pods (None: as the kind does), `template_path` where the template
    stands (None: as in the kind). `acknowledge` adds to the Pod's own.
    """

    kind: str
    name: str
    api_version: str | None = None
    kubernetes: str | KubernetesVersion | None = None
    restart_policy: str | None = None
    match_labels: Mapping[str, str] | None = None
    acknowledge: Mapping[str, str] = EMPTY
    spec: Mapping[str, Any] = EMPTY
    extra: Mapping[str, Any] = EMPTY
    rolls: bool | None = None
    template_path: tuple[str, ...] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Where the template stands in the manifest, as a path of keys."""
        return (
            TEMPLATE_PATHS.get(self.kind, DEFAULT_TEMPLATE_PATH) if self.template_path is None else self.template_path
        )


def render_for(pod: PodSpec, target: Target) -> Rendered:
    """The template, the ConfigMaps and the workload's annotations for a target; parts are shared with `pod`.

    Raises `InvalidValueError` for everything that the kind or the version does not take, and warns of what is likely to go wrong.
    """
    problems = Checks(f"{target.kind} {target.name!r}")
    version = DEFAULT_KUBERNETES if target.kubernetes is None else KubernetesVersion.parse(target.kubernetes)
    problems.text("name", target.name, syntax=dns_subdomain)
    acknowledge = {**pod.acknowledge, **problems.mapping("acknowledge", target.acknowledge)}
    check_acknowledge(problems, acknowledge)
    labels = _match_labels(target, problems)
    composed = pod.composed
    problems.extend(problem for files in composed.file_sets for problem in files.problems(target.name))
    spec = composed.spec_for(target.name)
    if target.restart_policy is not None:
        problems.choice("restart_policy", target.restart_policy, ("Always", "OnFailure", "Never"))
        spec = {"restartPolicy": target.restart_policy, **spec}
    elif target.kind in RUN_TO_COMPLETION_KINDS:
        spec = {"restartPolicy": "Never", **spec}
    metadata: dict[str, Any] = {}
    if all_labels := _merged(pod.labels, labels, problems):
        metadata["labels"] = all_labels
    annotations = dict(pod.annotations)
    rolls = target.kind in ROLLING_KINDS if target.rolls is None else target.rolls
    if rolls and composed.file_sets:
        annotations[CHECKSUM_ANNOTATION] = checksum(composed.file_sets)
    if annotations:
        metadata["annotations"] = annotations
    template: dict[str, Any] = {"metadata": metadata, "spec": spec} if metadata else {"spec": spec}
    annotations_of_workload = reasons(acknowledge, composed.ungated)
    manifest = build_manifest(target, template, labels, annotations_of_workload)
    try:
        merge_extra(manifest.setdefault("spec", {}), target.extra, f"{target.kind} {target.name!r}")
    except InvalidValueError as error:
        problems.extend(error.problems)
    view = PodView(
        spec,
        pointer="".join(f"/{part}" for part in (*target.path, "spec")),
        kind=target.kind,
        version=version,
        document=manifest,
        metadata=manifest["metadata"],
    )
    settle(workload_findings(view, acknowledge), problems)
    return Rendered(
        template=template,
        config_maps=tuple(files.config_map(target.name) for files in composed.file_sets),
        annotations=annotations_of_workload,
        match_labels=labels,
        manifest=manifest,
    )


def _match_labels(target: Target, problems: Checks) -> Mapping[str, str]:
    if target.match_labels is not None:
        return problems.text_mapping("match_labels", target.match_labels, key=qualified_key, text=label_value)
    return workload_selector(target.kind, target.name) if target.kind in SELECTING_KINDS else {}


def _merged(own: Mapping[str, str], selecting: Mapping[str, str], problems: Checks) -> dict[str, str]:
    for key, value in selecting.items():
        if own.get(key, value) != value:
            problems.add(
                f"label {key!r} is {own[key]!r} in the Pod and {value!r} in match_labels",
                "match_labels",
                "write the same value in both",
            )
    return {**own, **selecting}
