"""The Kubernetes objects of a document: the document itself, or the items of a List."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sidecarlib.manifests.reading import mapping, mappings, text

if TYPE_CHECKING:
    from sidecarlib.manifests.loading import Document

LIST_DEPTH = 4
"""How deep Lists are opened that stand in Lists; kubectl never prints one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestObject:
    """One object; `pointer` is where it stands in its document: empty for the whole of it, `/items/3` in a List.

    The items of a list of one kind, as the API answers it, need neither `kind` nor `apiVersion` of their own: they are the list's.
    """

    data: Mapping[str, Any]
    pointer: str
    api_version: str
    kind: str

    @property
    def group(self) -> str:
        """The API group; empty for the core group, and where no `apiVersion` is written."""
        return self.api_version.rpartition("/")[0]

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The object's metadata."""
        return mapping(self.data.get("metadata"))

    @property
    def name(self) -> str:
        """The object's name, empty where it has none."""
        return text(self.metadata.get("name"))

    @property
    def namespace(self) -> str | None:
        """The object's namespace as it is written."""
        return text(self.metadata.get("namespace")) or None


def objects(document: Document) -> Iterator[ManifestObject]:
    """The objects of a document, in the order in which they are written; what is no object is left out."""
    return objects_in(document.data)


def objects_in(data: object, at: str = "") -> Iterator[ManifestObject]:
    """The same for plain data that stands at the JSON pointer `at`."""
    if isinstance(data, (dict, Mapping)):
        found = ManifestObject(
            data=data, pointer=at, api_version=text(data.get("apiVersion")), kind=text(data.get("kind"))
        )
        yield from _opened(found, LIST_DEPTH)


def _opened(found: ManifestObject, depth: int) -> Iterator[ManifestObject]:
    """An object, or what it is only the wrapping of: a List, the answer of the API, a template of OpenShift."""
    field = "objects" if found.kind == "Template" else "items" if found.kind.endswith("List") else None
    if field is None or not depth or not isinstance(found.data.get(field), (list, tuple)):
        yield found
        return
    kind, api_version = (found.kind.removesuffix("List"), found.api_version) if field == "items" else ("", "")
    for index, item in mappings(found.data[field]):
        inner = ManifestObject(
            data=item,
            pointer=f"{found.pointer}/{field}/{index}",
            api_version=text(item.get("apiVersion")) or (api_version if kind else ""),
            kind=text(item.get("kind")) or kind,
        )
        yield from _opened(inner, depth - 1)
