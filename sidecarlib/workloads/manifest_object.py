"""A cdk8s object whose body stays in Python until it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata, JsonPatch
from constructs import Construct

from sidecarlib.model.frozen import EMPTY


class ManifestObject(ApiObject):
    """An `ApiObject` with a body of plain dicts.

    Labels, annotations and namespace come from cdk8s at the end, so that what is added late is there; the user's JSON
    patches come last and see the whole object.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api_version: str,
        kind: str,
        metadata: ApiObjectMetadata,
        body: Mapping[str, Any] = EMPTY,
    ) -> None:
        self._body = dict(body)
        self._generate_name: str | None = None
        self._user_patches: list[JsonPatch] = []
        super().__init__(scope, id, api_version=api_version, kind=kind, metadata=metadata)

    def add_json_patch(self, *ops: JsonPatch) -> None:
        """Applies RFC 6902 operations to the finished object, after everything else."""
        self._user_patches.extend(ops)

    def to_json(self) -> Any:
        """The object as it is printed."""
        rendered: dict[str, Any] = {**super().to_json(), **self._body}
        if self._generate_name is not None:
            metadata = {key: value for key, value in rendered["metadata"].items() if key != "name"}
            rendered["metadata"] = {"generateName": self._generate_name, **metadata}
        return JsonPatch.apply(rendered, *self._user_patches) if self._user_patches else rendered
