"""The pod template of one workload: name, kind and target version added to what the Pod itself is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sidecarlib.composition.files import checksum
from sidecarlib.composition.identity import (
    CHECKSUM_ANNOTATION,
    RUN_TO_COMPLETION_KINDS,
    SELECTING_KINDS,
    reasons,
    workload_selector,
)
from sidecarlib.composition.judging import settle, spec_findings, workload_findings
from sidecarlib.composition.manifest import DEFAULT_TEMPLATE_PATH, TEMPLATE_PATHS, build_manifest
from sidecarlib.composition.rendered import Rendered
from sidecarlib.errors import InvalidValueError, Problem
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
    tells whether a change of a file should replace the Pods (None: unless they run to completion), `template_path` where the template
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


def render_for(pod: PodSpec, target: Target, *, earlier: Iterable[Problem] = ()) -> Rendered:
    """The template, the ConfigMaps and the workload's annotations for a target; parts are shared with `pod`.

    `earlier` are problems that the caller has found already. Raises `InvalidValueError` for everything that the kind or the version
    does not take, and warns of what is likely to go wrong.
    """
    problems = Checks(f"{target.kind} {target.name!r}")
    problems.extend(earlier)
    version = _version(target, problems)
    problems.text("name", target.name, syntax=dns_subdomain)
    acknowledge = {**pod.acknowledge, **problems.mapping("acknowledge", target.acknowledge)}
    check_acknowledge(problems, acknowledge)
    labels = _match_labels(target, problems)
    composed = pod._composed  # noqa: SLF001 - what the Pod keeps for its workloads
    problems.extend(problem for files in composed.file_sets for problem in files.problems(target.name))
    template = _template(pod, target, labels, problems)
    annotations = reasons(acknowledge, composed.ungated)
    manifest = build_manifest(target, template, labels, annotations, problems)
    before = template["spec"]
    if target.extra:
        try:
            merge_extra(manifest.setdefault("spec", {}), target.extra, f"{target.kind} {target.name!r}")
        except InvalidValueError as error:
            problems.extend(error.problems)
        template = _template_in(manifest, target.path)
    view = PodView(
        template.get("spec") or {},
        pointer="".join(f"/{part}" for part in (*target.path, "spec")),
        kind=target.kind,
        version=version,
        document=manifest,
        metadata=manifest["metadata"],
    )
    findings = list(workload_findings(view, acknowledge))
    if target.extra:
        known = {str(finding) for finding in spec_findings(PodView(before), acknowledge, composed.ungated)}
        own = spec_findings(view, acknowledge, composed.ungated)
        findings += [finding for finding in own if str(finding) not in known]
    settle(findings, problems)
    return Rendered(
        template=template,
        config_maps=tuple(files.config_map(target.name) for files in composed.file_sets),
        annotations=annotations,
        match_labels=labels,
        manifest=manifest,
    )


def _version(target: Target, problems: Checks) -> KubernetesVersion:
    if target.kubernetes is None:
        return DEFAULT_KUBERNETES
    try:
        return KubernetesVersion.parse(target.kubernetes)
    except InvalidValueError as error:
        problems.extend(error.problems)
        return DEFAULT_KUBERNETES


def _template(pod: PodSpec, target: Target, match_labels: Mapping[str, str], problems: Checks) -> dict[str, Any]:
    """The Pod's template with what kind and name add to it."""
    composed = pod._composed  # noqa: SLF001 - what the Pod keeps for its workloads
    spec = composed.spec_for(target.name)
    if target.restart_policy is not None:
        problems.choice("restart_policy", target.restart_policy, ("Always", "OnFailure", "Never"))
        spec = {"restartPolicy": target.restart_policy, **spec}
    elif target.kind in RUN_TO_COMPLETION_KINDS:
        spec = {"restartPolicy": "Never", **spec}
    metadata: dict[str, Any] = {}
    if labels := _merged(pod.labels, match_labels, problems):
        metadata["labels"] = labels
    annotations = dict(pod.annotations)
    rolls = target.kind not in RUN_TO_COMPLETION_KINDS if target.rolls is None else target.rolls
    if rolls and composed.file_sets:
        annotations[CHECKSUM_ANNOTATION] = checksum(composed.file_sets)
    if annotations:
        metadata["annotations"] = annotations
    return {"metadata": metadata, "spec": spec} if metadata else {"spec": spec}


def _template_in(manifest: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The template as it stands in a manifest; a Pod's is the manifest itself."""
    found: Any = manifest
    for key in path:
        found = found[key]
    return {key: found[key] for key in ("metadata", "spec") if key in found}


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
