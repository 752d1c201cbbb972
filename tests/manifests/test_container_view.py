"""Reading containers, with their probes and hooks."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib.manifests.pod_view import PodView


def container(spec: dict[str, Any], **pod: Any) -> Any:
    """The only container of a Pod."""
    (found,) = PodView({**pod, "containers": [spec]}).mains()
    return found


class TestContainer:
    """A container's fields."""

    def test_the_invocation_is_command_and_arguments(self) -> None:
        """Whatever is no text in them is left out."""
        found = container({"command": ["sh", "-c"], "args": ["x", 5]})
        assert (found.command, found.args, found.invocation) == (("sh", "-c"), ("x",), ("sh", "-c", "x"))

    def test_literal_variables_have_their_value(self) -> None:
        """Those that come from elsewhere are not among them; of two with one name the last counts, as in the container."""
        env = [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {}}, {"name": "C"}, {"name": "A", "value": "2"}]
        found = container({"env": env})
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
        found = container({"ports": ports})
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
        found = container({"volumeMounts": mounts})
        covering = found.mount_covering(path)
        assert (covering.name if covering else None) == mount
        assert found.mounts[1] == ("deep", "/data/deep", True, "s", "/containers/0/volumeMounts/1")

    def test_a_mount_of_the_root_covers_everything(self) -> None:
        """There is nothing beside it."""
        assert container({"volumeMounts": [{"name": "r", "mountPath": "/"}]}).mount_covering("/x/y").name == "r"

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
        assert container({"securityContext": own}, securityContext=of_pod).runs_as_root is root

    def test_a_read_only_root_is_the_containers_own(self) -> None:
        """The Pod's security context has no such field."""
        assert container({"securityContext": {"readOnlyRootFilesystem": True}}).read_only_root
        assert not container({}, securityContext={"readOnlyRootFilesystem": True}).read_only_root


class TestProbesAndHooks:
    """What the kubelet does with a container."""

    def test_times_have_the_defaults_of_kubernetes(self) -> None:
        """Zero is a value that the API server replaces by the default."""
        (probe,) = container({"livenessProbe": {"tcpSocket": {"port": 1}, "periodSeconds": 0}}).probes
        assert (probe.period_seconds, probe.timeout_seconds, probe.failure_threshold) == (10, 1, 3)
        assert (probe.success_threshold, probe.initial_delay_seconds, probe.budget_seconds) == (1, 0, 30)

    def test_the_budget_is_the_time_until_the_last_failure(self) -> None:
        """Each try takes its period, or its timeout where that is longer."""
        spec = {"initialDelaySeconds": 5, "periodSeconds": 2, "timeoutSeconds": 3, "failureThreshold": 4}
        assert container({"startupProbe": {"exec": {}, **spec}}).probe("startupProbe").budget_seconds == 17

    def test_a_probe_tells_what_it_aims_at(self) -> None:
        """Of each kind of handler."""
        found = container(
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
        probe = container({"startupProbe": {"httpGet": {}, "exec": {"command": []}, "grpc": None}})
        assert probe.probe("startupProbe").handlers == ("exec", "httpGet")
        empty = container({"startupProbe": {}}).probe("startupProbe")
        assert (empty.handler, empty.handlers, empty.port) == (None, (), None)

    def test_hooks_are_read_alike(self) -> None:
        """With the seconds of a sleep."""
        lifecycle = {"preStop": {"sleep": {"seconds": 7}}, "postStart": {"exec": {"command": ["x"]}}}
        start, stop = container({"lifecycle": lifecycle}).hooks
        assert (start.field, start.handler, start.command, start.sleep_seconds) == ("postStart", "exec", ("x",), None)
        assert (stop.field, stop.sleep_seconds, stop.pointer) == ("preStop", 7, "/containers/0/lifecycle/preStop")
