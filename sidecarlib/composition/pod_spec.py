"""The description of a Pod that Deployments, Jobs and all other workloads share."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sidecarlib.composition.composing import Composed, compose
from sidecarlib.composition.entry import entries_of, sidecar_entries
from sidecarlib.composition.judging import TOLD_BY_COMPOSITION, settle, spec_findings
from sidecarlib.composition.rendered import Rendered
from sidecarlib.composition.stop_budget import stop_findings
from sidecarlib.composition.templating import Target, render_for
from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.container import Container, InitContainer
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.model.names import dns_subdomain, label_value, qualified_key
from sidecarlib.model.security import PodSecurityContext
from sidecarlib.model.sidecar import Sidecar
from sidecarlib.model.volume import Volume
from sidecarlib.rules.frame.acknowledgement import check_acknowledge
from sidecarlib.rules.shutdown.grace_period_too_short import RULE as GRACE_PERIOD_RULE

__all__ = ["PodSpec"]

WORKLOAD_FIELDS = {
    "restartPolicy": "write restart_policy on the Pod, Job or CronJob",
    "containers": "write containers=[Container(…)]",
    "initContainers": "write init_containers and sidecars",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PodSpec:
    """Containers and their sidecars as one Pod: ordered, gated, checked, and rendered for any workload.

    `sidecars` start before `containers` and stop after them; whoever uses something starts after its provider. `labels` and
    `annotations` are the template's metadata, `volumes` those that nobody mounts yet, `termination_grace_period_seconds` the one
    budget in seconds that containers and sidecars share (Kubernetes' default: 30). `acknowledge` maps the id of a rule to the
    reason why its finding is fine here. `extra` takes further fields of the Pod's spec in camelCase.
    Raises `InvalidValueError` with everything that is wrong in the Pod itself; what depends on the workload's kind or
    the target version is raised by the workload, or by `render`.
    """

    containers: Sequence[Container]
    sidecars: Sequence[Sidecar] = ()
    init_containers: Sequence[InitContainer] = ()
    volumes: Sequence[Volume] = ()
    labels: Mapping[str, str] = EMPTY
    annotations: Mapping[str, str] = EMPTY
    termination_grace_period_seconds: int | None = None
    active_deadline_seconds: int | None = None
    service_account_name: str | None = None
    automount_service_account_token: bool | None = None
    security_context: PodSecurityContext | None = None
    image_pull_secrets: Sequence[str] = ()
    node_selector: Mapping[str, str] = EMPTY
    affinity: Mapping[str, Any] = EMPTY
    tolerations: Sequence[Mapping[str, Any]] = ()
    topology_spread_constraints: Sequence[Mapping[str, Any]] = ()
    priority_class_name: str | None = None
    runtime_class_name: str | None = None
    scheduler_name: str | None = None
    host_network: bool | None = None
    share_process_namespace: bool | None = None
    enable_service_links: bool | None = None
    dns_policy: str | None = None
    dns_config: Mapping[str, Any] = EMPTY
    host_aliases: Sequence[Mapping[str, Any]] = ()
    acknowledge: Mapping[str, str] = EMPTY
    extra: Mapping[str, Any] = EMPTY
    _composed: Composed = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = Checks("PodSpec")
        self._check(checks)
        found = Problems("")
        found.extend(checks.noted)
        sequence = entries_of(self.init_containers, InitContainer, "init_containers", found)
        sequence += sidecar_entries(self.sidecars, found)
        mains = entries_of(self.containers, Container, "containers", found)
        composed = compose(
            {} if checks.noted else self._pod_fields(),
            sequence=sequence,
            mains=mains,
            volumes=self.volumes,
            problems=found,
        )
        try:
            merge_extra(composed.spec, self.extra, "PodSpec")
        except InvalidValueError as error:
            found.extend(error.problems)
        view = PodView(composed.spec_for("workload"))
        findings = spec_findings(view, self.acknowledge, composed.ungated)
        if GRACE_PERIOD_RULE.id not in self.acknowledge:
            findings += stop_findings(view, composed.stop_times)
        settle(findings, found, told=TOLD_BY_COMPOSITION if found.noted else ())
        assign(self, _composed=composed)

    def replace(self, **changes: Any) -> PodSpec:
        """The same Pod with some fields changed, checked anew."""
        unknown = sorted(set(changes) - {each.name for each in fields(self) if each.init})
        if unknown:
            checks = Checks("PodSpec.replace")
            for name in unknown:
                checks.add(f"unknown field {name!r}", name, "write a field of PodSpec")
            checks.raise_if_any()
        return PodSpec(**{each.name: getattr(self, each.name) for each in fields(self) if each.init} | changes)

    def render(
        self,
        name: str,
        *,
        kind: str = "Deployment",
        kubernetes: str | KubernetesVersion | None = None,
        restart_policy: str | None = None,
        match_labels: Mapping[str, str] | None = None,
    ) -> Rendered:
        """The pod template and the ConfigMaps for a workload `name` of a `kind`, as plain dicts of their own.

        `kubernetes` is the target version (default 1.33); `restart_policy` is for Pod, Job and CronJob (default Never). Raises
        `InvalidValueError` for what that kind or that version does not take.
        """
        target = Target(
            kind=kind, name=name, kubernetes=kubernetes, restart_policy=restart_policy, match_labels=match_labels
        )
        return copy.deepcopy(render_for(self, target))

    def _check(self, checks: Checks) -> None:
        checks.optional_text("scheduler_name", self.scheduler_name)
        for name in ("service_account_name", "priority_class_name", "runtime_class_name"):
            if getattr(self, name) is not None:
                checks.text(name, getattr(self, name), syntax=dns_subdomain)
        for name in (
            "automount_service_account_token",
            "host_network",
            "share_process_namespace",
            "enable_service_links",
        ):
            checks.flag(name, getattr(self, name))
        checks.optional_integer("termination_grace_period_seconds", self.termination_grace_period_seconds)
        checks.optional_integer("active_deadline_seconds", self.active_deadline_seconds, minimum=1)
        checks.instance("security_context", self.security_context, PodSecurityContext, "PodSecurityContext")
        checks.choice("dns_policy", self.dns_policy, ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"))
        assign(
            self,
            containers=checks.items("containers", self.containers),
            sidecars=checks.items("sidecars", self.sidecars),
            init_containers=checks.items("init_containers", self.init_containers),
            volumes=checks.items("volumes", self.volumes, Volume),
            labels=checks.text_mapping("labels", self.labels, key=qualified_key, text=label_value),
            annotations=checks.text_mapping("annotations", self.annotations, key=qualified_key),
            image_pull_secrets=checks.texts("image_pull_secrets", self.image_pull_secrets),
            node_selector=checks.text_mapping("node_selector", self.node_selector, key=qualified_key, text=label_value),
            affinity=checks.mapping("affinity", self.affinity),
            dns_config=checks.mapping("dns_config", self.dns_config),
            acknowledge=checks.mapping("acknowledge", self.acknowledge),
            extra=checks.mapping("extra", self.extra),
        )
        if self.dns_policy == "None" and not self.dns_config:
            checks.add("no name server", "dns_config", 'write {"nameservers": ["…"]}')
        for name in ("tolerations", "topology_spread_constraints", "host_aliases"):
            values = checks.items(name, getattr(self, name))
            assign(
                self, **{name: tuple(checks.mapping(f"{name}[{index}]", value) for index, value in enumerate(values))}
            )
        check_acknowledge(checks, self.acknowledge)
        for key, instead in WORKLOAD_FIELDS.items():
            if key in self.extra:
                checks.add(f"{key} has a place of its own", f"extra.{key}", instead)

    def _pod_fields(self) -> dict[str, Any]:
        """The fields of the Pod's spec beside its containers and volumes, in the order of the API reference."""
        rendered: dict[str, Any] = {
            "serviceAccountName": self.service_account_name,
            "automountServiceAccountToken": self.automount_service_account_token,
            "hostNetwork": self.host_network,
            "dnsPolicy": self.dns_policy,
            "dnsConfig": thaw(self.dns_config) or None,
            "hostAliases": thaw(self.host_aliases) or None,
            "enableServiceLinks": self.enable_service_links,
            "shareProcessNamespace": self.share_process_namespace,
            "terminationGracePeriodSeconds": self.termination_grace_period_seconds,
            "activeDeadlineSeconds": self.active_deadline_seconds,
            "imagePullSecrets": [{"name": name} for name in self.image_pull_secrets] or None,
            "securityContext": self.security_context.render() if self.security_context else None,
            "nodeSelector": dict(self.node_selector) or None,
            "affinity": thaw(self.affinity) or None,
            "tolerations": thaw(self.tolerations) or None,
            "topologySpreadConstraints": thaw(self.topology_spread_constraints) or None,
            "priorityClassName": self.priority_class_name,
            "runtimeClassName": self.runtime_class_name,
            "schedulerName": self.scheduler_name,
        }
        return {key: value for key, value in rendered.items() if value is not None}
