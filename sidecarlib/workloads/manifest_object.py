"""A cdk8s object whose body is handed over in one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata, JsonPatch
from constructs import Construct

from sidecarlib.workloads.user_errors import RaisesAtTheUsersLine


class ManifestObject(ApiObject, metaclass=RaisesAtTheUsersLine):
    """An `ApiObject` with a body of plain dicts.

    The body is the object's first JSON patch, because an `ApiObject` takes no body from Python: labels, annotations and namespace
    that are added late are there, and the user's own patches come after it and see the whole object. It costs two
    calls of Node per object; overriding `to_json` costs four times as much at synthesis (measured with cdk8s 2.70).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api_version: str,
        kind: str,
        metadata: ApiObjectMetadata,
    ) -> None:
        super().__init__(scope, id, api_version=api_version, kind=kind, metadata=metadata)

    def add_body(self, body: Mapping[str, Any]) -> None:
        """Sets the fields beside `metadata`; `body` holds plain dicts, lists, text, finite numbers and booleans."""
        self.add_json_patch(*(JsonPatch.add(f"/{key}", value) for key, value in body.items()))

    def replace_name_by(self, generate_name: str) -> None:
        """Lets the API server choose the name, which begins with `generate_name`."""
        self.add_json_patch(JsonPatch.remove("/metadata/name"), JsonPatch.add("/metadata/generateName", generate_name))
