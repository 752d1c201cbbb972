"""The syntax of container image references.

Source: `github.com/distribution/reference`, whose grammar the kubelet applies (`InvalidImageName` otherwise).
"""

from __future__ import annotations

import re
from functools import lru_cache

_DOMAIN = r"(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*(?::(?P<tag>[\w][\w.-]{{0,127}}))?(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{{32,}}))?",
    re.ASCII,
)
_FILLED_IN_LATER = re.compile(r"\$\{|\$\(|\{\{|<[A-Za-z_-]+>")


@lru_cache(maxsize=4096)
def image_problem(image: str) -> str | None:
    """What to write instead of `image`, or None; a reference with `${…}` or `{{…}}` is left to whoever fills it in."""
    if _FILLED_IN_LATER.search(image) or _REFERENCE.fullmatch(image):
        return None
    return "write [registry/]name[:tag][@digest]; the name is in lower case and the tag has no spaces"


def tag(image: str) -> str | None:
    """The tag of a reference: `1.36` of `busybox:1.36@sha256:…`, None where there is none."""
    match = _REFERENCE.fullmatch(image)
    return match.group("tag") if match else None


def repository(image: str) -> str:
    """The reference without tag and digest."""
    name, _, _ = image.partition("@")
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
