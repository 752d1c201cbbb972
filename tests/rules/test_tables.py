"""Every rule does what its tables say, and is documented, in the same form."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.container_view import HOOKS, PROBES
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.probe_view import HOOK_HANDLERS, PROBE_HANDLERS
from sidecarlib.manifests.reading import nested
from sidecarlib.manifests.templates import TEMPLATE_PATHS
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Bad, Rule
from sidecarlib.rules.frame.running import judge
from sidecarlib.rules.frame.severity import Severity
from tests.rules.examples import BAD, GOOD, Example, bad_of, good_of

SECTIONS = ("What it does:", "Why it matters:", "When it is fine:", "References:")
LONGEST_ID = 50


def own_findings(example: Example) -> tuple[Finding, ...]:
    """What the example's rule finds in it."""
    return judge(example.pod(), among=[example.rule])


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_bad_manifest_has_one_finding_at_its_place(example: Example) -> None:
    """The rule finds one thing in each of its BAD manifests, at the pointer that stands beside it."""
    assert isinstance(example.case, Bad)
    assert [finding.pointer for finding in own_findings(example)] == [example.case.at]


@pytest.mark.parametrize("example", GOOD, ids=str)
def test_a_good_manifest_has_no_finding(example: Example) -> None:
    """The rule finds nothing in each of its GOOD manifests."""
    assert own_findings(example) == ()


@pytest.mark.parametrize("example", GOOD, ids=str)
def test_a_good_manifest_is_good_for_every_rule(example: Example) -> None:
    """No rule finds an error in a GOOD manifest of another one: rules do not contradict each other."""
    errors = [str(finding) for finding in judge(example.pod()) if finding.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_finding_says_what_and_what_instead(example: Example) -> None:
    """Both texts say something and end without a period, so that `what @ where: instead` reads as one line."""
    for finding in own_findings(example):
        for said in (finding.what, finding.instead):
            assert said.strip() == said
            assert said
            assert not said.endswith(".")
            assert "\n" not in said


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_finding_points_into_the_manifest(example: Example) -> None:
    """The pointer is a field of something that stands in the manifest, so that a line can be found for it."""
    for finding in own_findings(example):
        *parents, _ = [_unescaped(part) for part in finding.pointer.removeprefix("/").split("/")]
        value = example.document()
        while parents and value is not None:
            key = parents.pop(0)
            below = nested(value, (int(key) if isinstance(value, list) else key,))
            if below is None:
                assert len(parents) <= 1, f"nothing at {finding.pointer}"
            value = below


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
class TestContract:
    """What every rule's file has."""

    def test_the_documentation_has_all_sections(self, rule: Rule) -> None:
        """A title that is one sentence, then the four sections in their order, none of them empty."""
        text = inspect.getdoc(importlib.import_module(rule.module)) or ""
        title, _, body = text.partition("\n\n")
        assert title.endswith(".")
        assert "\n" not in title
        found = re.findall(r"^(\S.*:)$", body, flags=re.MULTILINE)
        assert tuple(found) == SECTIONS
        sections = re.split(r"^\S.*:$", body, flags=re.MULTILINE)[1:]
        assert all(section.strip() for section in sections)

    def test_the_tables_are_not_empty(self, rule: Rule) -> None:
        """At least one manifest that the rule likes, and one that it does not."""
        assert good_of(rule)
        assert bad_of(rule)

    def test_the_id_is_short_and_in_kebab_case(self, rule: Rule) -> None:
        """Ids fit into annotations (`sidecarlib/acknowledge.<id>` is a name of at most 63 characters) and command lines."""
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
        assert len(rule.id) <= LONGEST_ID

    def test_the_check_says_what_it_does(self, rule: Rule) -> None:
        """The function has a docstring, and is the rule's."""
        assert rule.check is not None
        assert inspect.getdoc(rule.check)


def test_ids_are_unique() -> None:
    """No two files of different areas have the same name."""
    ids = [rule.id for rule in rules()]
    assert sorted(set(ids)) == ids


WORDS = [
    *(
        "name",
        "image",
        "command",
        "args",
        "env",
        "value",
        "valueFrom",
        "ports",
        "containerPort",
        "hostPort",
        "protocol",
    ),
    *(
        "volumeMounts",
        "volumeDevices",
        "mountPath",
        "volumes",
        "emptyDir",
        "restartPolicy",
        "restartPolicyRules",
        "action",
    ),
    *(
        "exitCodes",
        "operator",
        "values",
        "resources",
        "requests",
        "limits",
        "cpu",
        "memory",
        "resizePolicy",
        "lifecycle",
    ),
    *("containers", "initContainers", "terminationGracePeriodSeconds", "activeDeadlineSeconds", "hostNetwork"),
    *("metadata", "labels", "selector", "matchLabels", "matchExpressions", "key", "spec", "template", "jobTemplate"),
    *("podFailurePolicy", "rules", "onExitCodes", "containerName", "completionMode", "completions", "successPolicy"),
    *("backoffLimitPerIndex", "podReplacementPolicy", "volumeClaimTemplates", "manualSelector"),
    *("seconds", "port", "host", "path", "scheme", "successThreshold", "periodSeconds"),
    *("Always", "Never", "OnFailure", "RestartContainer", "In", "Indexed", "localhost", "/data", "sh", "-c", "500m"),
    *(*PROBES, *HOOKS, *PROBE_HANDLERS, *HOOK_HANDLERS),
]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WORDS), st.just("a=b c")
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=5),
    ),
    max_leaves=30,
)
VERSIONS = st.sampled_from([None, *(KubernetesVersion(1, minor) for minor in range(27, 38))])


@given(
    spec=st.dictionaries(st.sampled_from(WORDS), JSON),
    document=st.none() | st.dictionaries(st.sampled_from(WORDS), JSON),
    kind=st.none() | st.sampled_from([*TEMPLATE_PATHS, "Rollout"]),
    version=VERSIONS,
)
def test_nothing_that_a_manifest_holds_makes_a_rule_raise(
    spec: dict[str, Any], document: dict[str, Any] | None, kind: str | None, version: KubernetesVersion | None
) -> None:
    """Every rule takes any plain data for a Pod's spec and its workload."""
    judge(PodView(spec, kind=kind, version=version, document=document))


@given(example=st.sampled_from([*BAD, *GOOD]), version=VERSIONS, junk=JSON, data=st.data())
def test_no_broken_manifest_makes_a_rule_raise(
    example: Example, version: KubernetesVersion | None, junk: object, data: st.DataObject
) -> None:
    """Every rule takes any manifest in which one value is something else than it should be."""
    pod = example.pod()
    spec, document = dict(pod.spec), dict(pod.document or {})
    *path, last = data.draw(st.sampled_from(_paths((spec, document))), label="path")
    nested((spec, document), path)[last] = junk
    judge(PodView(spec, pointer=pod.pointer, kind=pod.kind, version=version, document=document))


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values below one that can be replaced."""
    below: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        below = list(value.items())
    elif isinstance(value, (list, tuple)):
        below = list(enumerate(value))
    found: list[tuple[str | int, ...]] = []
    for key, item in below:
        if not isinstance(value, tuple):
            found.append((*path, key))
        found += _paths(item, (*path, key))
    return found
