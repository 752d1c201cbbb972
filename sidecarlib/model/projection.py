"""The sources of a projected volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.field_paths import file_field
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.names import dns_subdomain, file_key, inner_path

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
        checks.text("path", path, syntax=inner_path)
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
        return cls(source={"downwardAPI": {"items": pod_fields("Projection.downward_api", fields)}})

    def render(self) -> dict[str, Any]:
        """The entry of a projected volume's `sources`."""
        rendered: dict[str, Any] = thaw(self.source)
        return rendered


def pod_fields(where: str, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items of a downwardAPI: relative path to field of the Pod."""
    checks = Checks(where)
    checked = checks.text_mapping("fields", fields, key=inner_path, text=file_field)
    checks.raise_if_any()
    return [{"path": path, "fieldRef": {"fieldPath": source}} for path, source in checked.items()]


def _keys(name: str, items: Mapping[str, str], *, optional: bool | None) -> dict[str, Any]:
    checks = Checks(f"Projection of {name!r}")
    checks.text("name", name, syntax=dns_subdomain)
    paths = checks.text_mapping("items", items, key=file_key, text=inner_path)
    checks.flag("optional", optional)
    checks.raise_if_any()
    rendered: dict[str, Any] = {"name": name}
    if paths:
        rendered["items"] = [{"key": key, "path": path} for key, path in paths.items()]
    if optional is not None:
        rendered["optional"] = optional
    return rendered
