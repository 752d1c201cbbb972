"""Environment variables of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from sidecarlib import EnvFrom, EnvVar
from tests.strategies.words import TEXTS, keys, object_names, optional

NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,8}", fullmatch=True) | st.sampled_from(["my.var", "0ne", "with space", "a-b"])
FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.labels['app']",
    "metadata.annotations['example.com/a']",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
AMOUNTS = (
    ("limits.cpu", "1m"),
    ("requests.cpu", "1"),
    ("limits.memory", "1Mi"),
    ("requests.memory", "1k"),
    ("limits.ephemeral-storage", "1Gi"),
    ("requests.ephemeral-storage", None),
)


@st.composite
def variables(draw: st.DrawFn, name: str) -> EnvVar:
    """One variable of the given name: a literal, or of any source; divisors are those that the API knows for the resource."""
    optionally = draw(optional(st.booleans()))
    kind = draw(st.sampled_from(["literal", "secret", "config_map", "field", "resource"]))
    match kind:
        case "secret":
            return EnvVar.secret(name, secret=draw(object_names()), key=draw(keys()), optional=optionally)
        case "config_map":
            return EnvVar.config_map(name, config_map=draw(object_names()), key=draw(keys()), optional=optionally)
        case "field":
            return EnvVar.field(name, draw(st.sampled_from(FIELDS)))
        case "resource":
            resource, divisor = draw(st.sampled_from(AMOUNTS))
            return EnvVar.resource(name, resource, divisor=divisor)
        case _:
            return EnvVar(name=name, value=draw(optional(TEXTS)))


@st.composite
def environments(draw: st.DrawFn) -> list[EnvVar] | dict[str, str]:
    """All variables of a container: a list, or a mapping of literals."""
    names = draw(st.lists(NAMES, unique=True, max_size=3))
    if draw(st.booleans()):
        return {name: draw(TEXTS) for name in names}
    return [draw(variables(name)) for name in names]


@st.composite
def whole_sources(draw: st.DrawFn) -> EnvFrom:
    """All keys of a Secret or a ConfigMap."""
    name = draw(object_names())
    return EnvFrom(
        secret=name if (secret := draw(st.booleans())) else None,
        config_map=None if secret else name,
        prefix=draw(optional(NAMES)),
        optional=draw(optional(st.booleans())),
    )
