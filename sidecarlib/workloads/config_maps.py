"""The ConfigMaps that a workload's Pods mount, as objects beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata
from constructs import Construct

from sidecarlib.composition.rendered import Rendered
from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.workloads.manifest_object import ManifestObject


def add_config_maps(
    scope: Construct, rendered: Rendered, metadata: ApiObjectMetadata | None, problems: Problems
) -> list[str]:
    """Makes the ConfigMaps in the workload's scope and namespace and answers the ids of those that are new.

    The id is the ConfigMap's name, so that two workloads of one name in one scope cannot overwrite each other's: they share
    one that is the same. Raises `InvalidValueError`, and then leaves nothing behind, where it is not.
    """
    namespace = None if metadata is None else metadata.namespace
    made: list[str] = []
    for config_map in rendered.config_maps:
        name, data = config_map["metadata"]["name"], config_map["data"]
        own = ApiObjectMetadata(name=name, namespace=namespace)
        try:
            child = ManifestObject(scope, name, api_version="v1", kind="ConfigMap", metadata=own)
        except RuntimeError:
            if _data_of(scope, name) == data:
                continue
            remove(scope, made)
            problems.add(f"{name!r} is there already, with other content", "name", "give this workload another name")
            raise InvalidValueError(problems.noted) from None
        child.add_body({"data": data})
        made.append(name)
    return made


def remove(scope: Construct, ids: Iterable[str]) -> None:
    """Takes children away again, when what they were made for is refused."""
    for child in ids:
        scope.node.try_remove_child(child)


def _data_of(scope: Construct, name: str) -> Any:
    """The data of the ConfigMap that a child of the scope is, None where it is something else."""
    child = scope.node.try_find_child(name)
    printed = child.to_json() if isinstance(child, ApiObject) else {}
    return printed.get("data") if printed.get("kind") == "ConfigMap" else None
