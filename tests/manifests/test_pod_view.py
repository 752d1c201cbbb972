"""Finding Pods in manifests and reading them by role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.templates import pod_templates

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
POD: dict[str, Any] = {
    "initContainers": [
        {"name": "setup", "image": "s:1"},
        {"name": "proxy", "image": "p:1", "restartPolicy": "Always", "ports": [{"name": "db", "containerPort": 5432}]},
    ],
    "containers": [{"name": "app", "image": "a:1", "volumeMounts": [{"name": "d", "mountPath": "/data/"}]}],
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "image",
                    "containers",
                    "initContainers",
                    "spec",
                    "template",
                    "ports",
                    "startupProbe",
                    "httpGet",
                    "env",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


class TestRoles:
    """Containers by what they are."""

    def test_each_container_has_its_role(self) -> None:
        """Sidecars, plain init containers and mains are told apart by restartPolicy alone."""
        pod = PodView(POD)
        assert [each.name for each in pod.native_sidecars()] == ["proxy"]
        assert [each.name for each in pod.run_once_inits()] == ["setup"]
        assert [each.name for each in pod.mains()] == ["app"]
        assert [each.name for each in pod.containers()] == ["setup", "proxy", "app"]

    def test_pointers_lead_to_the_field(self) -> None:
        """A container's pointer stands in the whole document, with its parts escaped."""
        pod = PodView(POD, pointer="/spec/template/spec")
        assert pod.native_sidecars()[0].at("ports", 0) == "/spec/template/spec/initContainers/1/ports/0"
        assert pod.at("a/b~c") == "/spec/template/spec/a~1b~0c"

    def test_a_mount_covers_what_lies_below_it(self) -> None:
        """Only whole path segments count."""
        (app,) = PodView(POD).mains()
        assert app.mount_covering("/data/x") is not None
        assert app.mount_covering("/data") is not None
        assert app.mount_covering("/database") is None

    def test_kubernetes_defaults_are_read_where_nothing_is_written(self) -> None:
        """Probe times, grace period and restart policy have the API's defaults."""
        pod = PodView({"containers": [{"name": "a", "livenessProbe": {"tcpSocket": {"port": 1}}}]})
        (probe,) = pod.mains()[0].probes
        assert (probe.period_seconds, probe.timeout_seconds, probe.failure_threshold, probe.budget_seconds) == (
            10,
            1,
            3,
            30,
        )
        assert (pod.grace_period_seconds, pod.effective_restart_policy) == (30, "Always")


class TestTemplates:
    """Pod templates in objects of any kind."""

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            ("Pod", ()),
            ("PodTemplate", ("template",)),
            ("Job", ("spec", "template")),
            ("CronJob", ("spec", "jobTemplate", "spec", "template")),
            ("Deployment", ("spec", "template")),
            ("ReplicationController", ("spec", "template")),
            ("Rollout", ("spec", "template")),
            ("TrainingJob", ("spec", "replicas", "worker", "template")),
            ("Cluster", ("spec", "pools", 0, "podTemplate")),
        ],
    )
    def test_the_template_of_every_kind_is_found(self, kind: str, path: tuple[str | int, ...]) -> None:
        """Built-in kinds by their path, others by what a Pod looks like."""
        inner: Any = {"spec": POD}
        for part in reversed(path):
            inner = [inner] if isinstance(part, int) else {part: inner}
        (found,) = pod_templates({**inner, "kind": kind, "metadata": {"name": "n"}})
        assert found.template_path == path
        assert found.view().pointer == "".join(f"/{part}" for part in (*path, "spec"))
        assert found.name == "n"

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

    def test_a_patch_without_images_is_partial(self) -> None:
        """A Kustomize patch is told apart from a whole Pod."""
        (found,) = pod_templates(
            {"kind": "Deployment", "spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}
        )
        assert found.partial

    @pytest.mark.parametrize(
        "other",
        [
            {"kind": "CustomResourceDefinition", "spec": {"x": {"spec": {"containers": [{"name": "c"}]}}}},
            {"kind": "ConfigMap", "data": {"containers": "x"}},
            {"kind": "Thing", "spec": {"containers": ["a", "b"]}},
            "text",
            [1],
            None,
        ],
        ids=str,
    )
    def test_what_is_no_pod_is_not_taken_for_one(self, other: object) -> None:
        """Schemas, lists of text and other data have no template."""
        assert list(pod_templates(other)) == []


@given(anything)
def test_no_shape_of_a_pod_raises(spec: Any) -> None:
    """Whatever stands in a manifest, the views read it as something or as nothing."""
    list(pod_templates({"kind": "Thing", "spec": spec}))
    for container in PodView(spec).containers():
        assert isinstance(container.invocation, tuple)
        assert all(isinstance(number, int) for number in container.port_numbers)
        assert all(isinstance(mount.path, str) for mount in container.mounts)
        assert all(probe.budget_seconds is not None and probe.command is not None for probe in container.probes)
        assert all(isinstance(hook.handlers, tuple) for hook in container.hooks)
        assert isinstance(container.literal_env, dict)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real manifests are not part of the project")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("[0-9]*")) if CORPUS.is_dir() else [], ids=lambda path: path.name)
def test_real_manifests_are_read_or_refused(path: Path) -> None:
    """Each of them has a Pod that is found, or is refused with one clear error."""
    text = path.read_text(encoding="utf-8")
    if path.name.startswith("033-"):
        with pytest.raises(ManifestError, match="a template, not YAML"):
            load_documents(text, source=path.name)
    else:
        assert load_documents(text, source=path.name)
