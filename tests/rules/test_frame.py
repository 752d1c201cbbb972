"""The frame of the rules: how they are found, gated, run and acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import sidecarlib.rules as package
from sidecarlib.errors import InvalidValueError, Problems
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.templates import pod_templates
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.rules.frame.acknowledgement import PREFIX, acknowledged_in, annotations_of, check_acknowledge
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rule_ids, rules
from sidecarlib.rules.frame.rule import Rule
from sidecarlib.rules.frame.running import judge
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.workload import own_kind, workload_finding, workload_of

POD = {"containers": [{"name": "app"}, {"name": "web"}]}


def rule(module: str = "somewhere.an_example", **options: object) -> Rule:
    """A rule that finds something in every container."""
    made = Rule(module, severity=Severity.ERROR, **options)  # type: ignore[arg-type]

    @made
    def check(pod: PodView) -> Iterator[Finding]:
        for container in pod.containers():
            yield made.finding(container, "image", what="no image", instead="write one")

    return made


class TestDiscovery:
    """Rules are found by walking the package."""

    def test_every_file_of_an_area_is_a_rule(self) -> None:
        """No list names the rules: each file beside the frame is one, and its name is the id."""
        (root,) = package.__path__
        files = [path for path in Path(root).glob("*/*.py") if path.parent.name != "frame" and path.stem != "__init__"]
        assert {path.stem.replace("_", "-") for path in files} == rule_ids()

    def test_they_are_sorted_and_the_same_each_time(self) -> None:
        """The order does not depend on the file system."""
        ids = [each.id for each in rules()]
        assert ids == sorted(ids)
        assert rules() is rules()


def target(text: str | None) -> PodView:
    """The Pod for a target version."""
    return PodView(POD, version=None if text is None else KubernetesVersion.parse(text))


class TestVersions:
    """A rule judges the versions that it is about."""

    @pytest.mark.parametrize(
        ("version", "judges"),
        [("1.28", False), ("1.29", True), ("1.29.0", True), ("1.32", True), ("1.32.9", True), ("1.33.0", False)],
    )
    def test_both_ends_are_included(self, version: str, judges: bool) -> None:  # noqa: FBT001 - a table's column
        """`until` without a patch number means the last patch of that minor."""
        assert rule(since="1.29.0", until="1.32").judges(target(version)) is judges

    def test_a_patch_number_counts(self) -> None:
        """1.34.1 is affected, 1.34.2 and 1.34, its last patch, are not."""
        affected = rule(until="1.34.1")
        assert [affected.judges(target(text)) for text in ("1.34.1", "1.34.2", "1.34")] == [True, False, False]

    def test_an_unknown_version_silences_it(self) -> None:
        """A rule about versions says nothing when the target is not known, any other one does not ask."""
        assert not rule(since="1.29").judges(target(None))
        assert not rule(needs_version=True).judges(target(None))
        assert rule().judges(target(None))

    def test_an_unknown_kind_silences_it(self) -> None:
        """A rule about kinds says nothing when the workload's is not known."""
        assert not rule(needs_kind=True).judges(PodView(POD))
        assert rule(needs_kind=True).judges(PodView(POD, kind="Job"))


class TestFindings:
    """What a finding tells."""

    def test_of_a_container(self) -> None:
        """It names the container and the field, for people and as a JSON pointer."""
        first, _ = judge(PodView(POD, pointer="/spec/template/spec"), among=[rule()])
        assert (first.pointer, first.container) == ("/spec/template/spec/containers/0/image", "app")
        assert str(first) == "no image @ container 'app', image: write one [an-example]"

    def test_of_the_pod(self) -> None:
        """A field of the Pod's spec has no container; severity and confidence can differ from the rule's."""
        found = rule().finding(
            PodView(POD),
            "volumes",
            0,
            what="a",
            instead="b",
            severity=Severity.ADVICE,
            confidence=Confidence.POSSIBLE,
        )
        assert (found.where, found.pointer, found.container) == ("Pod, volumes.0", "/volumes/0", None)
        assert (found.severity, found.confidence) == (Severity.ADVICE, Confidence.POSSIBLE)

    def test_they_come_sorted_by_place(self) -> None:
        """The order of the rules does not show in the output."""
        found = judge(PodView(POD), among=[rule("x.second"), rule("x.first")])
        assert [(each.pointer, each.rule) for each in found] == [
            ("/containers/0/image", "first"),
            ("/containers/0/image", "second"),
            ("/containers/1/image", "first"),
            ("/containers/1/image", "second"),
        ]


JOB_IN_A_LIST = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}
- apiVersion: batch/v1
  kind: CronJob
  metadata: {name: nightly}
  spec: {jobTemplate: {spec: {backoffLimit: 2, template: {spec: {containers: [{name: work, image: "work:1.0"}]}}}}}
"""


class TestWorkloads:
    """The object around a Pod."""

    def test_a_finding_about_it_points_into_the_file(self) -> None:
        """The pointer starts at the file's document, also for an item of a List."""
        (template,) = pod_templates(yaml.safe_load(JOB_IN_A_LIST))
        workload = workload_of(template.view())
        assert workload is not None
        assert workload.job_fields["backoffLimit"] == 2
        found = workload_finding(rule(), workload, *workload.job_path, "backoffLimit", what="a", instead="b")
        assert found.pointer == "/items/1/spec/jobTemplate/spec/backoffLimit"
        assert found.where == "CronJob, spec.jobTemplate.spec.backoffLimit"
        assert workload.at(*workload.template("spec")) == template.pointer

    @pytest.mark.parametrize(
        ("api_version", "kind", "own"),
        [
            ("apps/v1", "StatefulSet", "StatefulSet"),
            ("v1", "Pod", "Pod"),
            (None, "Job", "Job"),
            ("apps.kruise.io/v1beta1", "StatefulSet", None),
            ("argoproj.io/v1alpha1", "Rollout", None),
        ],
    )
    def test_kinds_of_others_are_left_alone(self, api_version: str | None, kind: str, own: str | None) -> None:
        """A kind of the same name in somebody else's API group is not Kubernetes' own."""
        document = {} if api_version is None else {"apiVersion": api_version}
        assert own_kind(PodView(POD, kind=kind, document=document)) == own

    def test_without_a_document_there_is_none(self) -> None:
        """A bare pod spec has no workload, whatever its kind."""
        assert workload_of(PodView(POD, kind="Job")) is None
        assert own_kind(PodView(POD, kind="Job")) == "Job"


class TestAcknowledgement:
    """Findings that somebody accepted, with a reason."""

    def test_an_acknowledged_rule_is_silent(self) -> None:
        """Its findings are left out, others' stay."""
        found = judge(PodView(POD), {"first": "because"}, among=[rule("x.first"), rule("x.second")])
        assert {each.rule for each in found} == {"second"}

    def test_reasons_survive_in_annotations(self) -> None:
        """What is written into a workload is read out of it again; a reason that says nothing counts for nothing."""
        written = annotations_of({"an-example": "the gate is on"})
        assert written == {f"{PREFIX}an-example": "the gate is on"}
        assert acknowledged_in({**written, "team": "web"}) == {"an-example": "the gate is on"}
        assert acknowledged_in({f"{PREFIX}a": " ", f"{PREFIX}b": 3, f"{PREFIX}c": " yes "}) == {"c": "yes"}

    def test_unknown_rules_and_empty_reasons_are_problems(self) -> None:
        """Both at once, each with what to write instead."""
        known = rules()[0].id
        problems = Problems("Job 'nightly'")
        check_acknowledge(problems, {known: "we know", "no-such-rule": "x", "duplicate-container-name": "  "})
        assert [problem.what for problem in problems.noted] == [
            "unknown rule 'no-such-rule'",
            "no reason for 'duplicate-container-name'",
        ]
        with pytest.raises(InvalidValueError):
            problems.raise_if_any()
