"""Reading Pods by role."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.manifests.container_view import Role
from sidecarlib.manifests.pod_view import PodView

POD: dict[str, Any] = {
    "initContainers": [
        {"name": "setup", "image": "s:1"},
        {"name": "proxy", "image": "p:1", "restartPolicy": "Always"},
        {"name": "late", "image": "l:1", "restartPolicy": "OnFailure"},
    ],
    "containers": [{"name": "app", "image": "a:1"}, {"name": "proxy", "image": "x:1", "restartPolicy": "Always"}],
    "ephemeralContainers": [{"name": "debug", "image": "d:1"}],
}
field_names = st.sampled_from(
    [
        "apiVersion",
        "args",
        "command",
        "containerPort",
        "containers",
        "emptyDir",
        "env",
        "exec",
        "failureThreshold",
        "hostPort",
        "httpGet",
        "initContainers",
        "lifecycle",
        "mountPath",
        "name",
        "port",
        "ports",
        "postStart",
        "restartPolicy",
        "securityContext",
        "sleep",
        "spec",
        "startupProbe",
        "template",
        "terminationGracePeriodSeconds",
        "volumeMounts",
        "volumes",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("Always"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(field_names, inner, max_size=5),
    max_leaves=25,
)


class TestRoles:
    """Containers by what they are."""

    def test_each_container_has_its_role(self) -> None:
        """A native sidecar is an init container that is always restarted, and nothing else is one."""
        pod = PodView(POD)
        assert [each.name for each in pod.native_sidecars()] == ["proxy"]
        assert [each.name for each in pod.run_once_inits()] == ["setup", "late"]
        assert [each.name for each in pod.init_sequence()] == ["setup", "proxy", "late"]
        assert [each.name for each in pod.mains()] == ["app", "proxy"]
        assert [each.name for each in pod.containers()] == ["setup", "proxy", "late", "app", "proxy"]
        assert [each.role for each in pod.containers()][1:4] == [Role.NATIVE_SIDECAR, Role.RUN_ONCE_INIT, Role.MAIN]
        assert [(each.name, each.role) for each in pod.ephemerals()] == [("debug", Role.EPHEMERAL)]

    def test_containers_are_found_by_name(self) -> None:
        """The first of a name in start order, or all of them."""
        pod = PodView(POD)
        found = pod.container("proxy")
        assert found is not None
        assert found.role is Role.NATIVE_SIDECAR
        assert [each.image for each in pod.named("proxy")] == ["p:1", "x:1"]
        assert pod.container("nobody") is None

    def test_pointers_lead_to_the_field(self) -> None:
        """A container's pointer stands in the whole document, with its parts escaped."""
        pod = PodView(POD, pointer="/spec/template/spec")
        sidecar = pod.native_sidecars()[0]
        assert sidecar.at("ports", 0) == "/spec/template/spec/initContainers/1/ports/0"
        assert pod.at("a/b~c") == "/spec/template/spec/a~1b~0c"
        assert (sidecar.index, sidecar.pod) == (1, pod)

    def test_an_index_counts_what_is_written(self) -> None:
        """What is no container does not shift the pointers of the others."""
        (main,) = PodView({"containers": ["oops", {"name": "a"}]}).mains()
        assert main.pointer == "/containers/1"


class TestPod:
    """The Pod's own fields."""

    def test_defaults_are_those_of_kubernetes(self) -> None:
        """What is not written has the API's default, where it is asked for with one."""
        pod = PodView({})
        assert (pod.restart_policy, pod.effective_restart_policy, pod.grace_period_seconds) == (None, "Always", 30)
        assert (pod.host_network, pod.shares_process_namespace, pod.is_job) == (False, False, False)
        assert pod.job_spec() == ({}, "")

    def test_what_is_written_is_read(self) -> None:
        """The fields that rules ask for."""
        spec = {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 5,
            "hostNetwork": True,
            "shareProcessNamespace": True,
        }
        pod = PodView(spec)
        assert (pod.restart_policy, pod.effective_restart_policy, pod.grace_period_seconds) == ("Never", "Never", 5)
        assert pod.host_network
        assert pod.shares_process_namespace
        assert pod.get("restartPolicy") == "Never"

    def test_a_volume_tells_its_source(self) -> None:
        """Wherever its name stands; without a source it is an emptyDir, which the API server makes of it."""
        pod = PodView({"volumes": [{"emptyDir": {}, "name": "a"}, {"name": "b", "secret": {}}, {"name": "c"}, 5]})
        assert [(volume.name, volume.kind) for volume in pod.volumes()] == [
            ("a", "emptyDir"),
            ("b", "secret"),
            ("c", "emptyDir"),
        ]
        found = pod.volume("b")
        assert found is not None
        assert found.pointer == "/volumes/1"
        assert pod.volume("d") is None

    @pytest.mark.parametrize(
        ("kind", "document", "pointer", "where"),
        [
            ("Job", {"spec": {"backoffLimit": 1}}, "/spec/template/spec", "/spec"),
            (
                "CronJob",
                {"spec": {"jobTemplate": {"spec": {"backoffLimit": 1}}}},
                "/items/2/spec/jobTemplate/spec/template/spec",
                "/items/2/spec/jobTemplate/spec",
            ),
        ],
    )
    def test_a_job_has_its_fields(self, kind: str, document: dict[str, Any], pointer: str, where: str) -> None:
        """Wherever the Job stands in its file."""
        pod = PodView({}, kind=kind, document=document, pointer=pointer)
        assert pod.is_job
        assert pod.job_spec() == ({"backoffLimit": 1}, where)


@given(anything, anything)
def test_no_shape_of_a_pod_raises(spec: Any, document: Any) -> None:
    """Whatever stands in a manifest, the views read it as something of the right type or as nothing."""
    pod = PodView(spec, kind="Job", document=document)
    assert isinstance(pod.grace_period_seconds, int)
    assert isinstance(pod.effective_restart_policy, str)
    assert all(isinstance(volume.kind, str) for volume in pod.volumes())
    assert isinstance(pod.job_spec()[1], str)
    for container in (*pod.containers(), *pod.ephemerals()):
        assert isinstance(container.name + container.image, str)
        assert all(isinstance(word, str) for word in container.invocation)
        assert all(isinstance(value, str) for value in container.literal_env.values())
        assert all(isinstance(number, int) for number in container.port_numbers)
        assert container.mount_covering("/x") in (None, *container.mounts)
        assert container.runs_as_root in {True, False, None}
        for probe in container.probes:
            assert isinstance(probe.budget_seconds, int)
            assert isinstance(probe.port, (int, str, type(None)))
            assert isinstance(probe.path + (probe.host or ""), str)
        for hook in container.hooks:
            assert isinstance(hook.sleep_seconds, (int, type(None)))
            assert set(hook.handlers) <= {"exec", "httpGet", "sleep", "tcpSocket"}
