"""The API server and the rules agree: what it refuses is an error of some rule, and the other way round.

Every manifest of the rules' tables is sent as a dry run, and judged for the version of the cluster that answers. So a manifest
that is wrong for an older target alone has to be accepted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Rule
from sidecarlib.rules.frame.running import judge
from sidecarlib.rules.frame.severity import Severity
from tests.cluster.kubernetes.api import Api
from tests.cluster.kubernetes.discovery import Discovery
from tests.cluster.kubernetes.namespace import Namespace
from tests.rules.examples import BAD, GOOD, Example

REFUSING_AREAS = frozenset({"api", "jobs", "ports", "version"})
"""Areas whose errors are refusals; the errors of the others are Pods that are accepted, and then stuck."""
ACCEPTED_ALL_THE_SAME = {
    "always-restarting-main-container": "the Job is created and never completes",
    "duplicate-container-port": "a warning of the API server; the second program cannot bind the port",
    "never-ending-job": "the Job is created and never completes",
    "stateful-set-name-too-long": "the StatefulSet is created and its Pods are refused",
    "tcp-socket-hook": "the Pod is created and its container killed at each start",
}
"""Rules of those areas whose errors the API server does not see, and what happens instead."""
FOUND_ELSEWHERE = {
    "container-limit-above-pod-limit": "it calls the field spec.resources.containers[0][cpu].limits",
    "invalid-quantity": "what it cannot read has no field",
    "invalid-object-name": "it finds a Job's long name by the label that the name becomes",
}
"""Rules whose field has another name in the API server's message."""


def refused_by(rule: Rule) -> bool:
    """Whether errors of this rule are refusals of the API server."""
    return rule.module.split(".")[-2] in REFUSING_AREAS and rule.id not in ACCEPTED_ALL_THE_SAME


REFUSALS = [rule for rule in rules() if refused_by(rule)]


@pytest.fixture(scope="module")
def rules_namespace(api: Api, discovery: Discovery) -> Iterator[Namespace]:
    """One namespace for all dry runs of this module: nothing is created in it."""
    lent = Namespace.create(api, discovery, "rules")
    yield lent
    lent.close()


@pytest.fixture(scope="module")
def version(api: Api) -> str:
    """The API server's own version."""
    return str(api.get("/version")["gitVersion"])


@pytest.mark.parametrize("example", [*GOOD, *BAD], ids=str)
def test_the_api_server_and_the_rules_agree(example: Example, rules_namespace: Namespace, version: str) -> None:
    """A manifest is refused if a rule finds an error in it, at the field that the rule names, and accepted if none does."""
    document: Any = example.document()
    errors = [each for each in judge(example.pod(version), among=REFUSALS) if each.severity is Severity.ERROR]
    verdict = rules_namespace.dry_run(document)
    assert verdict.accepted is not bool(errors), (
        f"{verdict}; the rules: {[str(error) for error in errors] or 'no error'}"
    )
    for error in errors:
        if error.rule not in FOUND_ELSEWHERE:
            assert tells_of(verdict.message, error), f"{verdict}\ndoes not tell of {error.pointer}"


def tells_of(message: str, error: Finding) -> bool:
    """Whether a refusal is about the finding's field, something in it, or something that it is in."""
    wanted = error.pointer.removeprefix("/").replace("~1", "/").replace("~0", "~")
    if "cannot unmarshal" in message:  # names the Go type's fields, without indexes
        return wanted.rpartition("/")[2] in message
    fields = re.findall(r"\b(?:spec|metadata)[\w.\[\]/-]*", message)
    paths = ["/".join(part for part in re.split(r"[.\[\]]+", field) if part) for field in fields]
    return any(_within(path, wanted) or _within(wanted, path) for path in paths)


def _within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(outer + "/")
