"""What the examples render, committed as dist/, is what a cluster takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sidecarlib.manifests.templates import pod_templates
from tests.cluster.kubernetes.namespace import Namespace

DIST = Path(__file__).parents[2] / "dist"
FILES = sorted(DIST.rglob("*.yaml"))


def documents(file: Path) -> list[dict[str, Any]]:
    """The objects of one file of dist/."""
    return [found for found in yaml.safe_load_all(file.read_text(encoding="utf-8")) if found]


def is_custom(found: Mapping[str, Any]) -> bool:
    """Whether the kind is somebody's own: it would need that somebody's definition in the cluster."""
    group = found["apiVersion"].rpartition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def claims_restricted(found: Mapping[str, Any]) -> bool:
    """Whether every container of a workload says that it does not run as root: whoever says so means the whole standard."""
    if is_custom(found):
        return False
    specs = [template.spec for template in pod_templates(found)]
    return bool(specs) and all(
        container.get("securityContext", spec.get("securityContext", {})).get("runAsNonRoot") is True
        for spec in specs
        for container in (*spec.get("initContainers", ()), *spec["containers"])
    )


CLAIMING = [file for file in FILES if any(claims_restricted(found) for found in documents(file))]


def service_accounts(found: Mapping[str, Any]) -> Iterator[str]:
    """The service accounts of bare Pods, which the API server looks up when a Pod is created."""
    for template in pod_templates(found):
        if found["kind"] == "Pod" and "serviceAccountName" in template.spec:
            yield template.spec["serviceAccountName"]


def let_in(namespace: Namespace, found: Mapping[str, Any]) -> None:
    """Creates the service accounts that an object names."""
    for name in service_accounts(found):
        namespace.apply([{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_api_server_accepts_every_object(file: Path, namespace: Namespace) -> None:
    """Each passes every check of a creation with strict validation; a kind that needs a definition of its own is left out."""
    asked = [found for found in documents(file) if not is_custom(found)]
    for found in asked:
        let_in(namespace, found)
    refused = [str(verdict) for verdict in namespace.dry_run_all(asked) if not verdict.accepted]
    assert not refused


@pytest.mark.parametrize("file", CLAIMING, ids=lambda file: file.name)
def test_workloads_that_claim_it_pass_the_restricted_standard(file: Path, restricted_namespace: Namespace) -> None:
    """A namespace that enforces `restricted` takes each workload none of whose containers may be root, without a warning."""
    claiming = [found for found in documents(file) if claims_restricted(found)]
    for found in claiming:
        let_in(restricted_namespace, found)
    verdicts = restricted_namespace.dry_run_all(claiming)
    assert [str(verdict) for verdict in verdicts if not verdict.accepted] == []
    assert [warning for verdict in verdicts for warning in verdict.warnings if "PodSecurity" in warning] == []
