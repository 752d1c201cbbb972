"""The syntax of Kubernetes names, each as a function that answers what to write instead, or None when all is well.

Source: `k8s.io/apimachinery/pkg/util/validation` and, for variables, `IsRelaxedEnvVarName` (GA in 1.34).
"""

from __future__ import annotations

import re
from functools import lru_cache

LABEL_LENGTH = 63
SUBDOMAIN_LENGTH = 253
PORT_NAME_LENGTH = 15

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", re.ASCII)
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", re.ASCII)
_PORT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_VARIABLE = re.compile(r"[\x20-\x3c\x3e-\x7e]+")
_HEADER = re.compile(r"[-A-Za-z0-9]+", re.ASCII)
_FILE_KEY = re.compile(r"[-._a-zA-Z0-9]+", re.ASCII)


@lru_cache(maxsize=4096)
def dns_label(name: str) -> str | None:
    """Container and volume names, and the names of most workloads."""
    if len(name) <= LABEL_LENGTH and _LABEL.fullmatch(name):
        return None
    return "use at most 63 lower-case letters, digits and '-', with a letter or digit at both ends"


@lru_cache(maxsize=4096)
def dns_subdomain(name: str) -> str | None:
    """Names of ConfigMaps, Secrets and most objects."""
    if len(name) <= SUBDOMAIN_LENGTH and _SUBDOMAIN.fullmatch(name):
        return None
    return "use at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part"


@lru_cache(maxsize=4096)
def port_name(name: str) -> str | None:
    """Names of container ports, and ports named in probes."""
    if len(name) <= PORT_NAME_LENGTH and _PORT_NAME.fullmatch(name) and not name.replace("-", "").isdigit():
        return None
    return "use at most 15 lower-case letters, digits and single '-', at least one letter, no '-' at the ends"


@lru_cache(maxsize=4096)
def variable_name(name: str) -> str | None:
    """Names of environment variables."""
    if _VARIABLE.fullmatch(name):
        return None
    return "use printable ASCII characters without '='"


@lru_cache(maxsize=4096)
def header_name(name: str) -> str | None:
    """Names of HTTP headers."""
    return None if _HEADER.fullmatch(name) else "use letters, digits and '-'"


@lru_cache(maxsize=4096)
def file_key(name: str) -> str | None:
    """Keys of a ConfigMap or Secret, which are the names of their files."""
    if (
        len(name) <= SUBDOMAIN_LENGTH
        and _FILE_KEY.fullmatch(name)
        and name not in {".", ".."}
        and not name.startswith("..")
    ):
        return None
    return "use letters, digits, '-', '_' and '.', not starting with '..'"


@lru_cache(maxsize=4096)
def inner_path(path: str) -> str | None:
    """Paths of files below a volume's directory."""
    if path and not path.startswith("/") and ".." not in path.split("/"):
        return None
    return "write a relative path without '..'"


@lru_cache(maxsize=4096)
def qualified_key(key: str) -> str | None:
    """Keys of labels and annotations: an optional DNS prefix and '/', then the name."""
    prefix, slash, name = key.rpartition("/")
    if len(name) <= LABEL_LENGTH and _QUALIFIED.fullmatch(name) and (not slash or dns_subdomain(prefix) is None):
        return None
    return "use [prefix/]name: at most 63 letters, digits, '-', '_', '.', with a letter or digit at both ends"


@lru_cache(maxsize=4096)
def label_value(value: str) -> str | None:
    """Values of labels."""
    if not value or (len(value) <= LABEL_LENGTH and _QUALIFIED.fullmatch(value)):
        return None
    return "use at most 63 letters, digits, '-', '_', '.', with a letter or digit at both ends"
