"""Asking the API server what it thinks of an object, without creating it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.cluster.kubernetes.api import Api
from tests.cluster.kubernetes.discovery import Discovery

CONNECTIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The API server's answer to one object: `message` is empty where it accepted, `warnings` may stand in both cases."""

    subject: str
    accepted: bool
    message: str = ""
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.subject}: {'accepted' if self.accepted else 'refused: ' + self.message}"


def dry_run(
    api: Api, discovery: Discovery, namespace: str, manifest: Mapping[str, Any], *, strict: bool = True
) -> Verdict:
    """Every check of a creation, admission included, in `namespace`, whatever namespace the object itself names.

    `strict` refuses unknown and repeated fields as `kubectl --validate=strict` does; without it they are dropped.
    """
    metadata = dict(manifest.get("metadata") or {})
    subject = f"{manifest.get('kind')}/{metadata.get('name') or metadata.get('generateName', '')}"
    try:
        resource = discovery.of_object(str(manifest.get("apiVersion")), str(manifest.get("kind")))
    except LookupError as unknown:
        return Verdict(subject=subject, accepted=False, message=str(unknown))
    if resource.namespaced:
        metadata["namespace"] = namespace
    answer = api.call(
        "POST",
        resource.path(namespace),
        {"dryRun": "All", "fieldValidation": "Strict" if strict else "Ignore"},
        {**manifest, "metadata": metadata},
    )
    accepted = answer.status < 400
    return Verdict(
        subject=subject, accepted=accepted, message="" if accepted else answer.message, warnings=answer.warnings
    )


def dry_run_all(
    api: Api, discovery: Discovery, namespace: str, manifests: Iterable[Mapping[str, Any]], *, strict: bool = True
) -> list[Verdict]:
    """The verdict on each of many objects, in their order, over a few connections at once."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(lambda manifest: dry_run(api, discovery, namespace, manifest, strict=strict), manifests))
