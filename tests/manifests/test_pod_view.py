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
        assert not (pod.host_network or pod.shares_process_namespace or pod.is_job)
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


class TestContainer:
    """A container's fields."""

    @staticmethod
    def container(spec: dict[str, Any], **pod: Any) -> Any:
        """The only container of a Pod."""
        (found,) = PodView({**pod, "containers": [spec]}).mains()
        return found

    def test_the_invocation_is_command_and_arguments(self) -> None:
        """Whatever is no text in them is left out."""
        found = self.container({"command": ["sh", "-c"], "args": ["x", 5]})
        assert (found.command, found.args, found.invocation) == (("sh", "-c"), ("x",), ("sh", "-c", "x"))

    def test_literal_variables_have_their_value(self) -> None:
        """Those that come from elsewhere are not among them; of two with one name the last counts, as in the container."""
        env = [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {}}, {"name": "C"}, {"name": "A", "value": "2"}]
        found = self.container({"env": env})
        assert found.literal_env == {"A": "2", "C": ""}
        assert len(found.env) == 4

    def test_ports_are_read_by_number_and_by_name(self) -> None:
        """Of two ports with one name the first counts, which is what a probe takes."""
        ports = [
            {"containerPort": 80, "name": "web", "hostPort": 8080, "hostIP": "10.0.0.1"},
            {"containerPort": 53, "protocol": "UDP"},
            {"containerPort": "http"},
            {"containerPort": 81, "name": "web"},
        ]
        found = self.container({"ports": ports})
        assert found.ports[0] == (80, "web", "TCP", 8080, "10.0.0.1", "/containers/0/ports/0")
        assert found.ports[1].protocol == "UDP"
        assert found.port_numbers == {80, 53, 81}
        assert found.named_ports == {"web": 80}

    @pytest.mark.parametrize(
        ("path", "mount"),
        [
            ("/data/x", "data"),
            ("/data", "data"),
            ("/data/deep/x", "deep"),
            ("/database", None),
            ("/relative/x", "relative"),
            ("/", None),
        ],
    )
    def test_a_mount_covers_what_lies_below_it(self, path: str, mount: str | None) -> None:
        """The deepest one, by whole parts of the path; a relative mount path begins at the root."""
        mounts = [
            {"name": "data", "mountPath": "/data/"},
            {"name": "deep", "mountPath": "/data/deep", "readOnly": True, "subPath": "s"},
            {"name": "relative", "mountPath": "relative"},
            {"name": "broken"},
        ]
        found = self.container({"volumeMounts": mounts})
        covering = found.mount_covering(path)
        assert (covering.name if covering else None) == mount
        assert found.mounts[1] == ("deep", "/data/deep", True, "s", "/containers/0/volumeMounts/1")

    def test_a_mount_of_the_root_covers_everything(self) -> None:
        """There is nothing beside it."""
        assert self.container({"volumeMounts": [{"name": "r", "mountPath": "/"}]}).mount_covering("/x/y").name == "r"

    @pytest.mark.parametrize(
        ("own", "of_pod", "root"),
        [
            ({"runAsUser": 0}, {"runAsUser": 1}, True),
            ({}, {"runAsUser": 0}, True),
            ({"runAsUser": 1}, {"runAsUser": 0}, False),
            ({"runAsNonRoot": True}, {}, False),
            ({}, {"runAsNonRoot": True}, False),
            ({"runAsNonRoot": False}, {"runAsNonRoot": True}, None),
            ({}, {}, None),
        ],
    )
    def test_the_user_is_the_containers_before_the_pods(
        self,
        own: dict[str, Any],
        of_pod: dict[str, Any],
        root: bool | None,  # noqa: FBT001 - given
    ) -> None:
        """Where neither says so, the image decides."""
        assert self.container({"securityContext": own}, securityContext=of_pod).runs_as_root is root

    def test_a_read_only_root_is_the_containers_own(self) -> None:
        """The Pod's security context has no such field."""
        assert self.container({"securityContext": {"readOnlyRootFilesystem": True}}).read_only_root
        assert not self.container({}, securityContext={"readOnlyRootFilesystem": True}).read_only_root


class TestProbesAndHooks:
    """What the kubelet does with a container."""

    def test_times_have_the_defaults_of_kubernetes(self) -> None:
        """Zero is a value that the API server replaces by the default."""
        (probe,) = TestContainer.container({"livenessProbe": {"tcpSocket": {"port": 1}, "periodSeconds": 0}}).probes
        assert (probe.period_seconds, probe.timeout_seconds, probe.failure_threshold) == (10, 1, 3)
        assert (probe.success_threshold, probe.initial_delay_seconds, probe.budget_seconds) == (1, 0, 30)

    def test_the_budget_is_the_time_until_the_last_failure(self) -> None:
        """Each try takes its period, or its timeout where that is longer."""
        spec = {"initialDelaySeconds": 5, "periodSeconds": 2, "timeoutSeconds": 3, "failureThreshold": 4}
        assert (
            TestContainer.container({"startupProbe": {"exec": {}, **spec}}).probe("startupProbe").budget_seconds == 17
        )

    def test_a_probe_tells_what_it_aims_at(self) -> None:
        """Of each kind of handler."""
        found = TestContainer.container(
            {
                "startupProbe": {"httpGet": {"port": "web", "path": "/x", "host": "h"}},
                "readinessProbe": {"grpc": {"port": 9}},
                "livenessProbe": {"exec": {"command": ["a", "b"]}},
            }
        )
        startup, readiness, liveness = found.probes
        assert (startup.field, startup.handler, startup.port, startup.path, startup.host) == (
            "startupProbe",
            "httpGet",
            "web",
            "/x",
            "h",
        )
        assert (readiness.handler, readiness.port, readiness.host, readiness.over_network) == ("grpc", 9, None, True)
        assert (liveness.handler, liveness.command, liveness.over_network) == ("exec", ("a", "b"), False)
        assert liveness.at("exec", "command") == "/containers/0/livenessProbe/exec/command"
        assert found.probe("startupProbe") is startup

    def test_no_handler_and_several_are_told(self) -> None:
        """A handler without fields is one, an empty field is none."""
        probe = TestContainer.container({"startupProbe": {"httpGet": {}, "exec": {"command": []}, "grpc": None}})
        assert probe.probe("startupProbe").handlers == ("exec", "httpGet")
        empty = TestContainer.container({"startupProbe": {}}).probe("startupProbe")
        assert (empty.handler, empty.handlers, empty.port) == (None, (), None)

    def test_hooks_are_read_alike(self) -> None:
        """With the seconds of a sleep."""
        lifecycle = {"preStop": {"sleep": {"seconds": 7}}, "postStart": {"exec": {"command": ["x"]}}}
        start, stop = TestContainer.container({"lifecycle": lifecycle}).hooks
        assert (start.field, start.handler, start.command, start.sleep_seconds) == ("postStart", "exec", ("x",), None)
        assert (stop.field, stop.sleep_seconds, stop.pointer) == ("preStop", 7, "/containers/0/lifecycle/preStop")


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
