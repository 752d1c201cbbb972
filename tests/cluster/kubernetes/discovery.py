"""Which path of the API serves which kind, as the API server itself says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.cluster.kubernetes.api import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind as the API server serves it: `group` is a path such as /apis/batch/v1."""

    group: str
    plural: str
    kind: str
    namespaced: bool

    def path(self, namespace: str | None, name: str = "") -> str:
        """The path of one object, or of all of them."""
        inside = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{self.group}{inside}/{self.plural}" + (f"/{name}" if name else "")


class Discovery:
    """Looks kinds up, once each."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._group = cache(self._read_group)

    def of_object(self, api_version: str, kind: str) -> Resource:
        """What serves objects of this apiVersion and kind; raises `LookupError` where nothing does."""
        for resource in self._group(("/api/" if "/" not in api_version else "/apis/") + api_version):
            if resource.kind == kind:
                return resource
        raise LookupError(f"the API server does not know {api_version} {kind}")

    def of_word(self, word: str) -> Resource:
        """What a word such as `pod` or `deployments` means; raises `LookupError` where it means nothing."""
        for group in self._groups():
            for resource in self._group(group):
                if word.lower() in (resource.kind.lower(), resource.plural):
                    return resource
        raise LookupError(f"the API server knows no {word}")

    def _groups(self) -> Iterator[str]:
        yield from ("/api/v1", "/apis/apps/v1", "/apis/batch/v1")  # nearly every question ends here
        for group in self._api.get("/apis")["groups"]:
            yield "/apis/" + group["preferredVersion"]["groupVersion"]

    def _read_group(self, group: str) -> tuple[Resource, ...]:
        answer = self._api.call("GET", group)
        return tuple(
            Resource(group=group, plural=each["name"], kind=each["kind"], namespaced=each["namespaced"])
            for each in (answer.json()["resources"] if answer.status != 404 else ())
            if "/" not in each["name"]
        )
