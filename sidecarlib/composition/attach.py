"""Sidecars for a Pod that somebody else has described, as plain dicts."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any

from sidecarlib.composition.composing import Composed, compose
from sidecarlib.composition.entry import Entry, entries_of, sidecar_entries
from sidecarlib.composition.files import checksum
from sidecarlib.composition.identity import CHECKSUM_ANNOTATION, ROLLING_KINDS, reasons
from sidecarlib.composition.judging import TOLD_BY_COMPOSITION, settle, spec_findings, workload_findings
from sidecarlib.composition.rendered import Rendered
from sidecarlib.composition.stop_budget import stop_findings
from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping, mappings, nested, text
from sidecarlib.manifests.templates import PodTemplate, pod_templates
from sidecarlib.model.checks import Checks, shown
from sidecarlib.model.container import InitContainer
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.kubernetes_version import DEFAULT_KUBERNETES, KubernetesVersion
from sidecarlib.model.names import dns_subdomain
from sidecarlib.model.sidecar import Sidecar
from sidecarlib.rules.frame.acknowledgement import acknowledged_in, check_acknowledge
from sidecarlib.rules.shutdown.grace_period_too_short import RULE as GRACE_PERIOD_RULE

__all__ = ["ALL_MAINS", "attach"]


class Users(Enum):
    """Who uses the attached sidecars, where it is not a list of names."""

    ALL_MAINS = "every container of the Pod that is no init container"


ALL_MAINS = Users.ALL_MAINS
"""Every container of `containers` uses the sidecars."""


def attach(
    target: Mapping[str, Any],
    *,
    sidecars: Sequence[Sidecar],
    init_containers: Sequence[InitContainer] = (),
    used_by: Collection[str] | Users | None = None,
    name: str | None = None,
    kubernetes: str | KubernetesVersion | None = None,
    acknowledge: Mapping[str, str] = EMPTY,
    rolls: bool | None = None,
) -> Rendered:
    """Adds sidecars and init containers to a workload's manifest: all that `PodSpec` would have made of them.

    `target` is any object with one pod template (a Pod, a Deployment, a CRD that embeds one); it is not changed, the new one is
    `manifest` of the result. Its init containers and sidecars keep their order, and the new ones get a place by the same
    rules. `used_by` names the containers that use each of the sidecars: they start after them and get their variables, in front of
    their own, and their mounts. `name` is the workload's and names the ConfigMaps, which are in the object's namespace (default: its
    metadata's name, or `generateName` without the '-' at its end). `rolls` tells whether a change of a file should replace the
    Pods (None: of the kinds that do so, and of every kind that is not Kubernetes' own). Raises `InvalidValueError` with everything
    that is wrong.
    """
    checks = Checks("attach")
    added_sidecars = checks.items("sidecars", sidecars)
    added_inits = checks.items("init_containers", init_containers)
    wanted = _wanted(used_by, checks)
    if name is not None:
        checks.text("name", name, syntax=dns_subdomain)
    checks.flag("rolls", rolls)
    given = checks.mapping("acknowledge", acknowledge)
    check_acknowledge(checks, given)
    version = _version(kubernetes, checks)
    template = _template_of(target, checks)
    problems = Problems("")
    problems.extend(checks.noted)
    composed = _composed(template, added_sidecars, added_inits, wanted, problems)
    workload = name if isinstance(name, str) else template.name or _prefix(template)
    if composed.file_sets and not workload:
        problems.add("the object has no name", "attach, name", "write name=…: ConfigMaps are named after it")
    problems.extend(problem for files in composed.file_sets for problem in files.problems(workload))
    accepted = {**acknowledged_in(mapping(template.metadata.get("annotations"))), **given}
    annotations = reasons(given, composed.ungated)
    manifest = _manifest_with(template, composed, workload, annotations)
    if composed.file_sets and _rolls(template, problems, rolls=rolls):
        _annotate(nested(manifest, template.template_path), {CHECKSUM_ANNOTATION: checksum(composed.file_sets)})
    new = next(pod_templates(manifest))
    view = PodView(new.spec, pointer=new.pointer, kind=template.kind, version=version, document=manifest)
    findings = [*spec_findings(view, accepted, composed.ungated), *workload_findings(view, accepted)]
    if GRACE_PERIOD_RULE.id not in accepted:
        findings += stop_findings(view, composed.stop_times)
    settle(findings, problems, told=TOLD_BY_COMPOSITION if problems.noted else ())
    return Rendered(
        template=dict(new.template),
        config_maps=tuple(_in_namespace(files.config_map(workload), template) for files in composed.file_sets),
        annotations=annotations,
        manifest=manifest,
    )


def _wanted(used_by: object, checks: Checks) -> tuple[str, ...] | Users:
    """The names of those who use the sidecars, each once, or all main containers."""
    if used_by is None:
        return ()
    if isinstance(used_by, Users):
        return used_by
    if isinstance(used_by, str):
        return (used_by,)
    if not isinstance(used_by, (Sequence, AbstractSet)) or isinstance(used_by, (bytes, bytearray)):
        checks.add(f"{shown(used_by)} is no list of names", "used_by", "write a list of container names, or ALL_MAINS")
        return ()
    for item in used_by:
        checks.text("used_by", item)
    return tuple(sorted({item for item in used_by if isinstance(item, str) and item}))


def _version(kubernetes: str | KubernetesVersion | None, checks: Checks) -> KubernetesVersion:
    try:
        return DEFAULT_KUBERNETES if kubernetes is None else KubernetesVersion.parse(kubernetes)
    except InvalidValueError as error:
        checks.extend(error.problems)
        return DEFAULT_KUBERNETES


def _template_of(target: object, checks: Checks) -> PodTemplate:
    """The one pod template of an object, whose lists of containers are sound; raises with what the arguments are like."""
    before = len(checks.noted)
    document: Mapping[str, Any] = checks.mapping("target", target)
    found = list(pod_templates(thaw(document))) if len(checks.noted) == before else []
    if len(checks.noted) == before and len(found) != 1:
        kind = text(document.get("kind")) or "the target"
        checks.add(f"{kind} has {len(found)} pod templates", "target", "give one object that has exactly one")
    if len(checks.noted) > before:
        checks.raise_if_any()
    template = found[0]
    for field in ("initContainers", "containers"):
        if template.spec.get(field) is not None:
            checks.items(f"target, {template.pointer}/{field}", template.spec[field], dict)
    if len(checks.noted) > before:
        checks.raise_if_any()
    return template


def _prefix(template: PodTemplate) -> str:
    """What the names that the API server makes begin with; the same as for a Job with `generate_name`."""
    return text(template.metadata.get("generateName")).rstrip("-.")


def _composed(
    template: PodTemplate,
    sidecars: Sequence[object],
    init_containers: Sequence[object],
    used_by: tuple[str, ...] | Users,
    problems: Problems,
) -> Composed:
    spec = template.spec
    added = entries_of(init_containers, InitContainer, "init_containers", problems)
    added += sidecar_entries(sidecars, problems)
    names = tuple(entry.name for entry in added if entry.waits)
    sequence = _existing(spec.get("initContainers"), main=False)
    mains = _existing(spec.get("containers"), main=True)
    for entry in _users(used_by, sequence, mains, problems):
        entry.uses = names
    base = {key: value for key, value in spec.items() if key not in {"containers", "initContainers"}}
    return compose(base, sequence=[*sequence, *added], mains=mains, problems=problems)


def _existing(containers: object, *, main: bool) -> list[Entry]:
    """The entries of containers that are there already; init containers keep their order."""
    entries: list[Entry] = []
    for _, container in mappings(containers):
        previous = (entries[-1].name,) if entries and not main else ()
        entries.append(Entry(text(container.get("name")), copy.deepcopy(dict(container)), main=main, after=previous))
    return entries


def _users(
    used_by: tuple[str, ...] | Users, sequence: Sequence[Entry], mains: Sequence[Entry], problems: Problems
) -> list[Entry]:
    if isinstance(used_by, Users):
        return list(mains)
    by_name = {entry.name: entry for entry in [*sequence, *mains]}
    for name in used_by:
        if name not in by_name:
            problems.add(f"no container {name!r}", "attach, used_by", f"use one of: {', '.join(by_name)}")
    return [by_name[name] for name in used_by if name in by_name]


def _manifest_with(
    template: PodTemplate, composed: Composed, workload: str, annotations: Mapping[str, str]
) -> dict[str, Any]:
    """A copy of the whole object with the composed spec in place, and our annotations where they belong."""
    manifest: dict[str, Any] = copy.deepcopy(dict(template.document))
    spec = composed.spec_for(workload)
    order = [key for key in template.spec if key in spec] + [key for key in spec if key not in template.spec]
    nested(manifest, template.template_path)[template.spec_path[-1]] = copy.deepcopy({key: spec[key] for key in order})
    if annotations:
        _annotate(manifest, annotations)
    return manifest


def _rolls(template: PodTemplate, problems: Problems, *, rolls: bool | None) -> bool:
    """Whether the template gets a checksum of the files; where a pod spec has no template around it, there is no place."""
    if template.spec_path[-1] != "spec":
        if rolls:
            problems.add("the pod spec has no template around it", "attach, rolls", "leave it out")
        return False
    return (template.kind in ROLLING_KINDS or not template.known) if rolls is None else rolls is True


def _annotate(owner: dict[str, Any], annotations: Mapping[str, str]) -> None:
    metadata = mapping(owner.get("metadata"))
    owner["metadata"] = {**metadata, "annotations": {**mapping(metadata.get("annotations")), **annotations}}


def _in_namespace(config_map: dict[str, Any], template: PodTemplate) -> dict[str, Any]:
    if template.namespace is None:
        return config_map
    return {**config_map, "metadata": {**config_map["metadata"], "namespace": template.namespace}}
