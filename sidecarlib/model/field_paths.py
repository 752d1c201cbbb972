"""The fields of a Pod that variables and files can show, and the units in which they show resources.

Source: `k8s.io/kubernetes/pkg/apis/core/validation`, `validateObjectFieldSelector`, `validateContainerResourceFieldSelector`
and `validateContainerResourceDivisor`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sidecarlib.model.names import qualified_key

_OF_BOTH = ("metadata.name", "metadata.namespace", "metadata.uid")
_OF_VARIABLES = (
    *_OF_BOTH,
    *("spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)
_OF_FILES = (*_OF_BOTH, "metadata.annotations", "metadata.labels")
_ONE_OF_THEM = re.compile(r"metadata\.(annotations|labels)\['(.+)'\]")

_RESOURCES = tuple(
    f"{kind}.{name}" for kind in ("limits", "requests") for name in ("cpu", "memory", "ephemeral-storage")
)
_OF_CPU = ("1", "1m")
_OF_BYTES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")


@lru_cache(maxsize=1024)
def environment_field(path: str) -> str | None:
    """What to write instead of a field for a variable, or None."""
    return _field(path, _OF_VARIABLES)


@lru_cache(maxsize=1024)
def file_field(path: str) -> str | None:
    """What to write instead of a field for a file, or None."""
    return _field(path, _OF_FILES)


def _field(path: str, known: tuple[str, ...]) -> str | None:
    one = _ONE_OF_THEM.fullmatch(path)
    if path in known or (
        one is not None and qualified_key(one[2].lower() if one[1] == "annotations" else one[2]) is None
    ):
        return None
    return f"write metadata.labels['KEY'], metadata.annotations['KEY'] or one of {', '.join(known)}"


@lru_cache(maxsize=1024)
def resource_field(resource: str) -> str | None:
    """What to write instead of a request or limit for a variable, or None."""
    if resource in _RESOURCES or resource.startswith(("limits.hugepages-", "requests.hugepages-")):
        return None
    return f"write one of {', '.join(_RESOURCES)}"


def resource_divisor(resource: str, divisor: str) -> str | None:
    """What to write instead of a unit, in its canonical form, or None; 0 stands for 1."""
    units = _OF_CPU if resource.endswith(".cpu") else _OF_BYTES
    return None if divisor in {"0", *units} else f"write one of {', '.join(units)}"
