"""Environment variables of a container: literal, or read from a Secret, a ConfigMap, the Pod or the container's resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sidecarlib.model.checks import Checks, assign, shown
from sidecarlib.model.field_paths import environment_field, resource_divisor, resource_field
from sidecarlib.model.frozen import EMPTY, FrozenMap, thaw
from sidecarlib.model.names import dns_label, dns_subdomain, file_key, variable_name
from sidecarlib.model.quantity import canonical, quantity_problem

__all__ = ["EnvFrom", "EnvVar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    """One variable: a literal `value`, or one of the factories `secret`, `config_map`, `field` and `resource`.

    `provider` is the container name of the sidecar that the variable points to: whoever has the variable starts after
    it. Raises `InvalidValueError`.
    """

    name: str
    value: str | None = None
    value_from: Mapping[str, Any] = EMPTY
    provider: str | None = None

    def __post_init__(self) -> None:
        if self.value.__class__ is str and not self.value_from and sound_name(self.name):
            assign(self, value_from=EMPTY)
            return
        checks = Checks(f"EnvVar {self.name!r}")
        checks.text("name", self.name, syntax=variable_name)
        if self.value is not None and not isinstance(self.value, str):
            checks.add(f"{shown(self.value)} is not text", "value", f"write {shown(str(self.value))}")
        assign(self, value_from=checks.mapping("value_from", self.value_from))
        if self.value is not None and self.value_from:
            checks.add("a value and a source", "value_from", "leave one of the two out")
        checks.raise_if_any()

    @classmethod
    def secret(cls, name: str, *, secret: str, key: str, optional: bool | None = None) -> EnvVar:
        """The variable `name` with the value of a Secret's key, so that no manifest holds it."""
        return cls._from_key(name, "secretKeyRef", of=secret, key=key, optional=optional)

    @classmethod
    def config_map(cls, name: str, *, config_map: str, key: str, optional: bool | None = None) -> EnvVar:
        """The variable `name` with the value of a ConfigMap's key."""
        return cls._from_key(name, "configMapKeyRef", of=config_map, key=key, optional=optional)

    @classmethod
    def _from_key(cls, name: str, reference: str, *, of: str, key: str, optional: bool | None) -> EnvVar:
        checks = Checks(f"EnvVar {name!r}")
        checks.text("name of the object", of, syntax=dns_subdomain)
        checks.text("key", key, syntax=file_key)
        checks.flag("optional", optional)
        checks.raise_if_any()
        selector: dict[str, Any] = {"name": of, "key": key}
        if optional is not None:
            selector["optional"] = optional
        return cls(name=name, value_from={reference: selector})

    @classmethod
    def field(cls, name: str, path: str) -> EnvVar:
        """The variable `name` with a field of the Pod, such as `metadata.name` or `status.podIP`."""
        checks = Checks(f"EnvVar {name!r}")
        checks.text("path", path, syntax=environment_field)
        checks.raise_if_any()
        return cls(name=name, value_from={"fieldRef": {"fieldPath": path}})

    @classmethod
    def resource(cls, name: str, resource: str, *, container: str | None = None, divisor: str | None = None) -> EnvVar:
        """The variable `name` with a request or limit, such as `limits.memory` in units of `divisor` (a quantity)."""
        checks = Checks(f"EnvVar {name!r}")
        checks.text("resource", resource, syntax=resource_field)
        if container is not None:
            checks.text("container", container, syntax=dns_label)
        if divisor is not None:
            instead = quantity_problem(divisor) or resource_divisor(resource, canonical(str(divisor)))
            if instead is not None:
                checks.add(f"invalid divisor {shown(divisor)}", "divisor", instead)
        checks.raise_if_any()
        selector: dict[str, Any] = {} if container is None else {"containerName": container}
        selector["resource"] = resource
        if divisor is not None:
            selector["divisor"] = canonical(str(divisor))
        return cls(name=name, value_from={"resourceFieldRef": selector})

    def provided_by(self, sidecar: str) -> EnvVar:
        """The same variable, whose users start after the container named `sidecar`."""
        return replace(self, provider=sidecar)

    def render(self) -> dict[str, Any]:
        """The entry of a container's `env`."""
        if self.value_from:
            return {"name": self.name, "valueFrom": thaw(self.value_from)}
        return {"name": self.name, "value": self.value or ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFrom:
    """All keys of a Secret or a ConfigMap as variables, each with `prefix` in front."""

    secret: str | None = None
    config_map: str | None = None
    prefix: str | None = None
    optional: bool | None = None

    def __post_init__(self) -> None:
        checks = Checks("EnvFrom")
        if (self.secret is None) == (self.config_map is None):
            checks.add("not exactly one source", "secret, config_map", "write one of the two")
        for name in ("secret", "config_map"):
            if getattr(self, name) is not None:
                checks.text(name, getattr(self, name), syntax=dns_subdomain)
        if self.prefix is not None:
            checks.text("prefix", self.prefix, syntax=variable_name)
        checks.flag("optional", self.optional)
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """The entry of a container's `envFrom`."""
        rendered: dict[str, Any] = {} if self.prefix is None else {"prefix": self.prefix}
        source: dict[str, Any] = {"name": self.secret or self.config_map}
        if self.optional is not None:
            source["optional"] = self.optional
        rendered["secretRef" if self.secret else "configMapRef"] = source
        return rendered


def sound_name(name: object) -> bool:
    """Whether a value can be the name of a variable."""
    return isinstance(name, str) and variable_name(name) is None


def environment(checks: Checks, value: object, field: str = "env") -> tuple[EnvVar, ...]:
    """The variables of a container: a list of `EnvVar`, or a mapping of literals."""
    if isinstance(value, Mapping):
        literals: FrozenMap[str] = checks.text_mapping(field, value, key=variable_name)
        sound = {name: text for name, text in literals.items() if isinstance(text, str) and not variable_name(name)}
        return tuple(EnvVar(name=name, value=text) for name, text in sound.items())
    variables: tuple[EnvVar, ...] = checks.items(field, value, EnvVar)
    seen: set[str] = set()
    for variable in variables:
        if variable.name in seen:
            checks.add(f"variable {variable.name!r} is written twice", field, "keep one of the two")
        seen.add(variable.name)
    return variables
