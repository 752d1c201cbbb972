"""Any other kind that embeds a pod template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.model.checks import Checks
from sidecarlib.model.frozen import EMPTY
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["Workload"]


class Workload(WorkloadObject):
    """An object of any kind around a pod template: an Argo Rollout, a Knative Service, a CRD of one's own.

    `spec` holds the kind's other fields in camelCase, `template_path` the keys that lead to the template
    (default `("spec", "template")`). `match_labels` becomes `spec.selector.matchLabels` and the Pods' labels, where given;
    `restart_policy` is left out unless given. `rolls` tells whether the kind replaces its Pods when the template
    changes, as all do that do not run to completion: then a changed file of a sidecar changes it. Raises `InvalidValueError`.
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
        template_path: tuple[str, ...] | list[str] = ("spec", "template"),
        restart_policy: str | None = None,
        match_labels: Mapping[str, str] | None = None,
        rolls: bool | None = None,
        **fields: Unpack[WorkloadFields],
    ) -> None:
        checks = Checks(f"{kind} {id!r}")
        checks.text("api_version", api_version)
        checks.text("kind", kind)
        path = checks.texts("template_path", template_path)
        if path[:1] != ("spec",) or not path[1:]:
            checks.add(
                f"{template_path!r} does not lead into the spec",
                "template_path",
                'write keys like ("spec", "template")',
            )
        super().__init__(
            scope,
            id,
            api_version=api_version,
            kind=kind,
            pod=pod,
            spec=spec,
            problems=checks,
            restart_policy=restart_policy,
            match_labels=match_labels,
            template_path=path,
            rolls=rolls,
            **fields,
        )
