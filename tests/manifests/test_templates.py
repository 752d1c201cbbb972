"""Finding the pod templates of objects."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.templates import pod_templates

POD: dict[str, Any] = {"containers": [{"name": "app", "image": "a:1"}]}
PATCH: dict[str, Any] = {"containers": [{"name": "app"}]}
field_names = st.sampled_from(
    ["apiVersion", "kind", "metadata", "items", "objects", "spec", "template", "podSpec", "containers", "name", "image"]
)
words = st.sampled_from(["List", "PodList", "Template", "Pod", "Job", "Thing", "v1", "batch/v1", "x.io/v1", ""])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(field_names, inner, max_size=5),
    max_leaves=25,
)


def at(path: tuple[str | int, ...], value: object) -> Any:
    """Plain data with a value at a path; an index makes a list of one."""
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return value


class TestKubernetesKinds:
    """Kinds whose template has its place."""

    @pytest.mark.parametrize(
        ("api_version", "kind", "path"),
        [
            ("v1", "Pod", ()),
            ("v1", "PodTemplate", ("template",)),
            ("batch/v1", "Job", ("spec", "template")),
            ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
            ("apps/v1", "Deployment", ("spec", "template")),
            ("extensions/v1beta1", "Deployment", ("spec", "template")),
            ("apps/v1", "StatefulSet", ("spec", "template")),
            ("apps/v1", "DaemonSet", ("spec", "template")),
            ("apps/v1", "ReplicaSet", ("spec", "template")),
            ("v1", "ReplicationController", ("spec", "template")),
        ],
    )
    def test_the_template_is_found(self, api_version: str, kind: str, path: tuple[str, ...]) -> None:
        """With its pointers, the object around it and the object's name."""
        metadata = {"name": "n", "namespace": "s"}
        document = {"metadata": metadata} | at((*path, "spec"), POD) | {"apiVersion": api_version, "kind": kind}
        (found,) = pod_templates(document)
        assert (found.kind, found.api_version, found.name, found.namespace) == (kind, api_version, "n", "s")
        assert (found.known, found.partial, found.metadata) == (True, False, metadata)
        assert found.template_pointer == "".join(f"/{part}" for part in path)
        assert found.pointer == found.view().pointer == found.template_pointer + "/spec"
        assert found.spec == found.template["spec"] == POD
        assert found.view().document is document

    def test_the_items_of_a_list_are_found(self) -> None:
        """Their pointers begin with the item."""
        found = list(pod_templates({"kind": "List", "items": [{"kind": "Service"}, {"kind": "Pod", "spec": POD}]}))
        assert [each.pointer for each in found] == ["/items/1/spec"]

    def test_a_job_in_a_list_knows_its_fields(self) -> None:
        """The fields of the Job have pointers of the whole document."""
        job = {"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"backoffLimit": 0, "template": {"spec": POD}}}}}
        (found,) = pod_templates({"kind": "List", "items": [job]})
        fields, pointer = found.view().job_spec()
        assert fields["backoffLimit"] == 0
        assert pointer == "/items/0/spec/jobTemplate/spec"

    @pytest.mark.parametrize("spec", [PATCH, {"nodeSelector": {}}, {**POD, "initContainers": [{"name": "i"}]}, {}])
    def test_a_patch_is_partial(self, spec: dict[str, Any]) -> None:
        """Without containers, or with containers without an image, it is not the whole Pod."""
        (found,) = pod_templates({"kind": "Deployment", "spec": {"template": {"spec": spec}}})
        assert found.partial

    @pytest.mark.parametrize("containers", [[], None, ["a"], "a", [None]])
    def test_broken_containers_do_not_hide_the_pod(self, containers: object) -> None:
        """A Pod is judged however wrong it is."""
        (found,) = pod_templates({"kind": "Pod", "spec": {"containers": containers}})
        assert found.view().mains() == ()

    @pytest.mark.parametrize(
        "spec", [None, [], "x", {"template": None}, {"template": {"metadata": {}}}, {"replicas": 3}]
    )
    def test_a_patch_of_other_fields_has_no_template(self, spec: object) -> None:
        """There is nothing of a Pod to judge."""
        assert list(pod_templates({"kind": "Deployment", "spec": spec})) == []


class TestOtherKinds:
    """Kinds that embed a Pod somewhere."""

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            ("Rollout", ("spec", "template", "spec")),
            ("Service", ("spec", "template", "spec")),
            ("MPIJob", ("spec", "mpiReplicaSpecs", "Worker", "template", "spec")),
            ("Elasticsearch", ("spec", "nodeSets", 0, "podTemplate", "spec")),
            ("Thing", ("spec", "podSpec")),
            ("Thing", ("podSpec",)),
            ("Thing", ("spec", "workers", 0, "podTemplate")),
            ("Thing", ("template", "spec")),
        ],
    )
    @pytest.mark.parametrize("spec", [POD, PATCH], ids=["whole", "patch"])
    def test_it_is_found_by_what_it_looks_like(
        self, kind: str, path: tuple[str | int, ...], spec: dict[str, Any]
    ) -> None:
        """Containers with a name or an image under a key that is used for Pods."""
        (found,) = pod_templates({**at(path, spec), "apiVersion": "example.com/v1", "kind": kind})
        assert (found.kind, found.known, found.partial) == (kind, False, spec is PATCH)
        assert found.spec_path == path
        assert found.spec == spec

    def test_all_of_several_are_found_in_order(self) -> None:
        """An operator's object may embed many."""
        roles = {"launcher": {"template": {"spec": POD}}, "worker": {"template": {"spec": PATCH}}}
        found = pod_templates({"apiVersion": "example.com/v1", "kind": "MPIJob", "spec": {"roles": roles}})
        assert [each.spec_path[2] for each in found] == ["launcher", "worker"]

    def test_a_kind_that_only_shares_a_name_is_qualified(self) -> None:
        """The Job of Volcano is no Job: no rule about Jobs is for it."""
        tasks = [{"template": {"spec": POD}}]
        (found,) = pod_templates({"apiVersion": "batch.volcano.sh/v1", "kind": "Job", "spec": {"tasks": tasks}})
        assert found.kind == "Job.batch.volcano.sh"
        assert not found.view().is_job

    def test_an_object_inside_another_keeps_its_kind(self) -> None:
        """A wrapper of manifests has Deployments in it, not Pods of its own kind."""
        inner = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": POD}}}
        work = {"apiVersion": "example.com/v1", "kind": "Work", "spec": {"manifests": [inner]}}
        (found,) = pod_templates({"kind": "List", "items": [work]})
        assert (found.kind, found.known) == ("Deployment", True)
        assert found.pointer == "/items/0/spec/manifests/0/spec/template/spec"
        assert found.document is inner

    @pytest.mark.parametrize(
        "other",
        [
            {"kind": "CustomResourceDefinition", "spec": {"x": {"spec": POD}}},
            {"kind": "ControllerRevision", "data": {"spec": {"template": {"spec": POD}}}},
            {
                "apiVersion": "kyverno.io/v1",
                "kind": "ClusterPolicy",
                "spec": {"rules": [{"validate": {"pattern": {"spec": {"containers": [{"name": "*"}]}}}}]},
            },
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Workflow",
                "spec": {
                    "templates": [{"containerSet": POD}, {"container": {"image": "x"}, "sidecars": [{"name": "s"}]}]
                },
            },
            {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "spec": POD},
            {"kind": "Thing", "status": {"template": {"spec": POD}}, "metadata": {"x": {"spec": POD}}},
            {"kind": "Thing", "spec": {"x": {"spec": {"containers": [{"min": 1}]}}}},
            {"kind": "Thing", "spec": {"x": {"spec": {"containers": {"name": "x"}}}}},
            {"kind": "Thing", "spec": {"x": {"spec": {"containers": ["a", "b"]}}}},
            {"kind": "ConfigMap", "data": {"containers": "x"}},
            {"spec": {"template": {"spec": POD}}},
            "text",
            [1],
            None,
        ],
        ids=str,
    )
    def test_what_is_no_pod_is_not_taken_for_one(self, other: object) -> None:
        """Schemas, patterns, histories, additions, other containers and data without a kind have no template."""
        assert list(pod_templates(other)) == []


@given(anything)
def test_no_shape_of_an_object_raises(data: Any) -> None:
    """Whatever is found lies where it says it does."""
    for found in pod_templates(data):
        value = data
        for part in found.pointer.split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value[part]
        assert value is found.spec
