"""The sources of a projected volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.frozen import EMPTY, thaw

__all__ = ["Projection"]

SHORTEST_TOKEN_SECONDS = 600
"""The API server refuses a shorter life (`k8s.io/api`, ServiceAccountTokenProjection)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One source of `Volume.projected`: a token, a Secret, a ConfigMap or fields of the Pod."""

    source: Mapping[str, Any]

    def __post_init__(self) -> None:
        checks = Checks("Projection")
        assign(self, source=checks.mapping("source", self.source))
        checks.raise_if_any()

    @classmethod
    def service_account_token(
        cls, path: str, *, audience: str | None = None, expiration_seconds: int = 3600
    ) -> Projection:
        """A token of the Pod's service account in the file `path`, valid for `expiration_seconds` (600 or more, the kubelet renews it)."""
        checks = Checks("Projection.service_account_token")
        checks.text("path", path)
        checks.optional_text("audience", audience)
        checks.integer("expiration_seconds", expiration_seconds, minimum=SHORTEST_TOKEN_SECONDS, maximum=2**32)
        checks.raise_if_any()
        token: dict[str, Any] = {} if audience is None else {"audience": audience}
        return cls(source={"serviceAccountToken": {**token, "expirationSeconds": expiration_seconds, "path": path}})

    @classmethod
    def secret(cls, secret: str, *, items: Mapping[str, str] = EMPTY, optional: bool | None = None) -> Projection:
        """Keys of a Secret; `items` maps a key to a relative path."""
        return cls(source={"secret": _keys(secret, items, optional=optional)})

    @classmethod
    def config_map(
        cls, config_map: str, *, items: Mapping[str, str] = EMPTY, optional: bool | None = None
    ) -> Projection:
        """Keys of a ConfigMap; `items` maps a key to a relative path."""
        return cls(source={"configMap": _keys(config_map, items, optional=optional)})

    @classmethod
    def downward_api(cls, fields: Mapping[str, str]) -> Projection:
        """Fields of the Pod: `{"namespace": "metadata.namespace"}` maps a relative path to a field."""
        items = [{"path": path, "fieldRef": {"fieldPath": source}} for path, source in fields.items()]
        return cls(source={"downwardAPI": {"items": items}})

    def render(self) -> dict[str, Any]:
        """The entry of a projected volume's `sources`."""
        rendered: dict[str, Any] = thaw(self.source)
        return rendered


def _keys(name: str, items: Mapping[str, str], *, optional: bool | None) -> dict[str, Any]:
    rendered: dict[str, Any] = {"name": name}
    if items:
        rendered["items"] = [{"key": key, "path": path} for key, path in items.items()]
    if optional is not None:
        rendered["optional"] = optional
    return rendered
