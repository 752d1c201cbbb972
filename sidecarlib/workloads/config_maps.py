"""The ConfigMaps that a workload's Pods mount, as objects beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cdk8s import ApiObjectMetadata, Chart
from constructs import Construct

from sidecarlib.composition.rendered import Rendered
from sidecarlib.errors import InvalidValueError, Problem
from sidecarlib.workloads.jsii_reference import reference_of
from sidecarlib.workloads.manifest_object import ManifestObject


class Made(NamedTuple):
    """A ConfigMap that is there: the scope and id of its construct, the namespace it was given, and what it holds."""

    scope: Construct
    id: str
    namespace: str | None
    data: dict[str, str]

    def in_namespace(self) -> str | None:
        """The namespace that it is printed with."""
        return self.namespace or Chart.of(self.scope).namespace


_MADE: dict[tuple[str, str], list[Made]] = {}
"""By chart and ConfigMap's name, so that no two of a chart overwrite each other; charts may go to different clusters."""
_CHARTS: dict[str, str] = {}
"""The chart of each scope that has been asked: the question costs a call of Node."""


def add_config_maps(scope: Construct, rendered: Rendered, metadata: ApiObjectMetadata | None) -> list[str]:
    """Makes the ConfigMaps in the workload's scope and namespace and answers the ids of those that are new.

    Workloads of one name and namespace in one chart share a ConfigMap that is the same. Raises `InvalidValueError`, and then leaves nothing
    behind, where it is not: one would overwrite the other at the next apply.
    """
    if not rendered.config_maps:
        return []
    namespace = None if metadata is None else metadata.namespace
    new: list[str] = []
    for config_map in rendered.config_maps:
        name = config_map["metadata"]["name"]
        others = _MADE.setdefault((_chart_of(scope), name), [])
        made = Made(scope, name if not others else f"{name}-{len(others)}", namespace, config_map["data"])
        twin = (
            next((other for other in others if other.in_namespace() == made.in_namespace()), None) if others else None
        )
        if twin is not None and twin.data == made.data:
            continue
        if twin is not None:
            remove(scope, new)
            what = f"two workloads make a ConfigMap {name!r} of different content"
            raise InvalidValueError([Problem(what, f"workload {name!r}", "give one of the two workloads another name")])
        own = ApiObjectMetadata(name=name, namespace=namespace)
        ManifestObject(scope, made.id, api_version="v1", kind="ConfigMap", metadata=own).add_body({"data": made.data})
        others.append(made)
        new.append(made.id)
    return new


def remove(scope: Construct, ids: Iterable[str]) -> None:
    """Takes children away again, when what they were made for is refused."""
    gone = set(ids)
    for child in gone:
        scope.node.try_remove_child(child)
    for others in _MADE.values():
        others[:] = [made for made in others if made.scope is not scope or made.id not in gone]


def _chart_of(scope: Construct) -> str:
    reference = reference_of(scope)
    if reference not in _CHARTS:
        _CHARTS[reference] = reference_of(Chart.of(scope))
    return _CHARTS[reference]
