"""The metadata of a workload, out of what its user gave."""

from __future__ import annotations

import hashlib
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata
from constructs import Construct

from sidecarlib.composition.rendered import Rendered
from sidecarlib.errors import Problems

DIGEST_DIGITS = 8

LONGEST_RUNNABLE_NAME = {"CronJob": 52, "StatefulSet": 52}
"""Longer names are refused (CronJob, validation.go) or accepted and never get a Pod (StatefulSet, measured on Kubernetes 1.37.2)."""


def chosen_name(
    problems: Problems, name: str | None, metadata: ApiObjectMetadata | None, generate_name: str | None
) -> str | None:
    """The name that the user gave in one of the places for it, None where cdk8s makes one up."""
    in_metadata = metadata.name if metadata is not None else None
    given = {
        place: value
        for place, value in (("name", name), ("metadata.name", in_metadata), ("generate_name", generate_name))
        if value
    }
    if len(given) > 1:
        problems.add("a name in " + " and in ".join(given), "name", "write it in one place")
    return name or in_metadata


def automatic_name(scope: Construct, id: str, *, api_version: str, kind: str) -> str | None:
    """The name that cdk8s would give to an object of a kind with short names, cut to what can run; None for other kinds.

    A cut name ends with a digest of the whole one.
    """
    longest = LONGEST_RUNNABLE_NAME.get(kind)
    if longest is None:
        return None
    name = ApiObject(scope, id, api_version=api_version, kind=kind).name
    scope.node.try_remove_child(id)
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_DIGITS]
    return f"{name[: longest - DIGEST_DIGITS - 1].rstrip('-')}-{digest}"


def object_metadata(
    given: ApiObjectMetadata | None, *, name: str | None, rendered: Rendered | None
) -> ApiObjectMetadata:
    """The user's metadata with the name, and what the rendered object's own metadata adds."""
    fields: dict[str, Any] = {} if name is None else {"name": name}
    if given is not None:
        for field in ("namespace", "labels", "annotations", "finalizers", "owner_references"):
            if (value := getattr(given, field)) is not None:
                fields[field] = value
    own = (rendered.manifest or {}).get("metadata", {}) if rendered is not None else {}
    for field in ("labels", "annotations"):
        if own.get(field):
            fields[field] = {**own[field], **fields.get(field, {})}
    return ApiObjectMetadata(**fields)
