"""Sidecars for a Pod that somebody else has described, as plain dicts."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any

from sidecarlib.composition.composing import Composed, compose
from sidecarlib.composition.entry import Entry, entries_of, sidecar_entries
from sidecarlib.composition.files import checksum
from sidecarlib.composition.identity import CHECKSUM_ANNOTATION, ROLLING_KINDS, reasons
from sidecarlib.composition.judging import TOLD_BY_COMPOSITION, settle, spec_findings, workload_findings
from sidecarlib.composition.rendered import Rendered
from sidecarlib.composition.stop_budget import stop_findings
from sidecarlib.errors import InvalidValueError, Problem, Problems
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping, text
from sidecarlib.manifests.templates import PodTemplate, pod_templates
from sidecarlib.model.container import InitContainer
from sidecarlib.model.frozen import EMPTY, freeze, thaw
from sidecarlib.model.kubernetes_version import DEFAULT_KUBERNETES, KubernetesVersion
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
) -> Rendered:
    """Adds sidecars and init containers to a workload's manifest: all that `PodSpec` would have made of them.

    `target` is any object with one pod template (a Pod, a Deployment, a CRD that embeds one); it is not changed, the new one is
    `manifest` of the result. Its init containers and sidecars keep their order, and the new ones get a place by the same
    rules. `used_by` names the containers that use each of the sidecars: they start after them and get their variables, in front of
    their own, and their mounts. `name` is the workload's (default: its metadata's) and names the ConfigMaps. Raises
    `InvalidValueError` with everything that is wrong.
    """
    template = _only_template(target)
    problems = Problems("")
    check_acknowledge(problems, acknowledge)
    workload = name or template.name
    if not workload:
        problems.add("the object has no name", "attach, name", "write name=…: ConfigMaps are named after it")
    composed = _composed(template, sidecars, init_containers, used_by, problems)
    problems.extend(problem for files in composed.file_sets for problem in files.problems(workload))
    accepted = {**acknowledged_in(mapping(template.document.get("metadata")).get("annotations") or {}), **acknowledge}
    manifest = _manifest_with(template, composed, workload, reasons(acknowledge, composed.ungated))
    version = DEFAULT_KUBERNETES if kubernetes is None else KubernetesVersion.parse(kubernetes)
    new = _only_template(manifest)
    view = PodView(new.spec, pointer=new.pointer, kind=template.kind, version=version, document=manifest)
    findings = [*spec_findings(view, accepted, composed.ungated), *workload_findings(view, accepted)]
    if GRACE_PERIOD_RULE.id not in accepted:
        findings += stop_findings(view, composed.stop_times)
    settle(findings, problems, told=TOLD_BY_COMPOSITION if problems.noted else ())
    return Rendered(
        template=dict(new.template),
        config_maps=tuple(files.config_map(workload) for files in composed.file_sets),
        annotations=reasons(acknowledge, composed.ungated),
        manifest=manifest,
    )


def _only_template(target: Mapping[str, Any]) -> PodTemplate:
    frozen = freeze(target, "attach, target")
    found = list(pod_templates(thaw(frozen)))
    if len(found) != 1:
        kind = text(mapping(target).get("kind")) or "the target"
        raise InvalidValueError(
            [
                Problem(
                    f"{kind} has {len(found)} pod templates", "attach, target", "give one object that has exactly one"
                )
            ]
        )
    return found[0]


def _composed(
    template: PodTemplate,
    sidecars: Sequence[Sidecar],
    init_containers: Sequence[InitContainer],
    used_by: Collection[str] | Users | None,
    problems: Problems,
) -> Composed:
    spec = template.spec
    added = entries_of(list(init_containers), InitContainer, "init_containers", problems)
    added += sidecar_entries(list(sidecars), problems)
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
    for container in items(containers):
        previous = (entries[-1].name,) if entries and not main else ()
        entries.append(Entry(text(container.get("name")), copy.deepcopy(dict(container)), main=main, after=previous))
    return entries


def _users(
    used_by: Collection[str] | Users | None, sequence: Sequence[Entry], mains: Sequence[Entry], problems: Problems
) -> list[Entry]:
    if used_by is None:
        return []
    if used_by is ALL_MAINS:
        return list(mains)
    by_name = {entry.name: entry for entry in [*sequence, *mains]}
    wanted = [used_by] if isinstance(used_by, str) else sorted(used_by) if not isinstance(used_by, Users) else []
    for name in wanted:
        if name not in by_name:
            problems.add(f"no container {name!r}", "attach, used_by", f"use one of: {', '.join(by_name)}")
    return [by_name[name] for name in wanted if name in by_name]


def _manifest_with(
    template: PodTemplate, composed: Composed, workload: str, annotations: Mapping[str, str]
) -> dict[str, Any]:
    """A copy of the whole object with the composed spec in place, and our annotations where they belong."""
    manifest: dict[str, Any] = copy.deepcopy(dict(template.document))
    parent: Any = manifest
    for part in template.spec_path[:-1]:
        parent = parent[part]
    spec = composed.spec_for(workload)
    order = [key for key in template.spec if key in spec] + [key for key in spec if key not in template.spec]
    parent[template.spec_path[-1]] = copy.deepcopy({key: spec[key] for key in order})
    if template.kind in ROLLING_KINDS and composed.file_sets:
        _annotate(parent, {CHECKSUM_ANNOTATION: checksum(composed.file_sets)})
    if annotations:
        _annotate(manifest, annotations)
    return manifest


def _annotate(owner: dict[str, Any], annotations: Mapping[str, str]) -> None:
    metadata = owner.setdefault("metadata", {})
    metadata["annotations"] = {**(metadata.get("annotations") or {}), **annotations}
