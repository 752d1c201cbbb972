"""The Kubernetes version that a whole app or chart is rendered for."""

from __future__ import annotations

from constructs import IConstruct

from sidecarlib.model.kubernetes_version import DEFAULT_KUBERNETES, KubernetesVersion
from sidecarlib.workloads.jsii_reference import reference_of

__all__ = ["set_target"]

_TARGETS: dict[str, KubernetesVersion] = {}
"""By the reference of a construct."""


def set_target(scope: IConstruct, kubernetes: str | KubernetesVersion) -> None:
    """Renders every workload below `scope` (an App, a Chart, any construct) for a Kubernetes version.

    `kubernetes` is `"1.33"` or `"1.33.4"`; without a patch number it means that minor's last one. A workload's own
    `kubernetes=` comes first, then the nearest scope's target, then 1.33. Holds for workloads made afterwards. Raises
    `InvalidValueError`.
    """
    _TARGETS[reference_of(scope)] = KubernetesVersion.parse(kubernetes)


def target_of(scope: IConstruct) -> KubernetesVersion:
    """The version that a workload in `scope` is rendered for."""
    if not _TARGETS:
        return DEFAULT_KUBERNETES
    found = (_TARGETS.get(reference_of(construct)) for construct in reversed(scope.node.scopes))
    return next((version for version in found if version is not None), DEFAULT_KUBERNETES)
