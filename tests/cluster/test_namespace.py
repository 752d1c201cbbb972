"""The harness keeps what its methods promise: on what it asks the API server, on times, and on what a failure shows."""

from __future__ import annotations

import pytest

from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.api import Api, ApiError, Json
from tests.cluster.kubernetes.conditions import complete, phase, running, started
from tests.cluster.kubernetes.discovery import Discovery
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.kubernetes.recorder import news

SIDECAR = {"name": "sidecar", "image": BUSYBOX, "command": ["sh", "-c", "trap 'exit 3' TERM; sleep 3600 & wait"]}


def pod(name: str = "app", command: str = "echo hello", **spec: object) -> Json:
    """A Pod of one container, `main`."""
    main = {"name": "main", "image": BUSYBOX, "command": ["sh", "-c", command]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"restartPolicy": "Never", "containers": [main], **spec},
    }


def deployment(template_spec: Json) -> Json:
    """A Deployment of one Pod."""
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {**template_spec, "restartPolicy": "Always"}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


class TestDryRun:
    """What the API server says is passed on."""

    def test_an_unknown_field_is_refused(self, shared_namespace: Namespace) -> None:
        """Strict validation names the field; without it the object passes."""
        wrong = pod(replicas=3)
        verdict = shared_namespace.dry_run(wrong)
        assert not verdict.accepted
        assert 'unknown field "spec.replicas"' in verdict.message
        assert shared_namespace.dry_run(wrong, strict=False).accepted

    def test_many_come_back_in_order_and_nothing_is_created(self, shared_namespace: Namespace) -> None:
        """A hundred objects of two kinds, one in ten of them wrong, get their own verdict each."""
        asked = [pod(f"p{n}") if n % 2 else deployment(pod()["spec"]) for n in range(100)]
        for n in range(0, 100, 10):
            asked[n] = {**asked[n], "metadata": {"name": "UPPER"}}
        verdicts = shared_namespace.dry_run_all(asked)
        assert [n for n, verdict in enumerate(verdicts) if not verdict.accepted] == list(range(0, 100, 10))
        assert 'Invalid value: "UPPER"' in verdicts[0].message
        with pytest.raises(ApiError):
            shared_namespace.get("pod/p1")

    def test_the_namespace_in_an_object_gives_way_to_the_tests_own(self, shared_namespace: Namespace) -> None:
        """Objects of dist/ that name a namespace can be asked about too."""
        elsewhere = pod()
        elsewhere["metadata"]["namespace"] = "production"
        assert shared_namespace.dry_run(elsewhere).accepted

    def test_a_kind_that_nobody_serves_is_refused(self, shared_namespace: Namespace) -> None:
        """An unknown kind is a verdict and no crash."""
        verdict = shared_namespace.dry_run(
            {"apiVersion": "example.com/v1", "kind": "Sidecar", "metadata": {"name": "a"}}
        )
        assert (verdict.accepted, verdict.message) == (False, "the API server does not know example.com/v1 Sidecar")


def test_a_restricted_namespace_refuses_pods_and_warns_about_workloads(restricted_namespace: Namespace) -> None:
    """The Pod Security Standard shows as a refusal for a Pod and as a warning for a Deployment."""
    verdict = restricted_namespace.dry_run(pod())
    assert "violates PodSecurity" in verdict.message
    verdict = restricted_namespace.dry_run(deployment(pod()["spec"]))
    assert verdict.accepted
    assert "would violate PodSecurity" in " ".join(verdict.warnings)


class TestWaiting:
    """A wait ends for one of three reasons, and says which."""

    def test_time_is_up(self, namespace: Namespace) -> None:
        """The failure shows what the Pod was doing: states, events, logs."""
        namespace.apply([pod(command="echo here I am; sleep 3600")])
        namespace.wait("pod/app", running("main"), within=30)
        with pytest.raises(AssertionError) as failure:
            namespace.wait("pod/app", phase("Succeeded"), within=1)
        for part in ("not phase Succeeded within 1 s", "main: started, restarts 0, running", "Scheduled", "here I am"):
            assert part in str(failure.value)

    def test_it_can_no_longer_come(self, namespace: Namespace) -> None:
        """A failed Job ends the wait for its completion at once."""
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "work"},
            "spec": {"backoffLimit": 0, "template": {"spec": pod(command="exit 1")["spec"]}},
        }
        namespace.apply([job])
        with pytest.raises(AssertionError, match="job/work: Complete can no longer come"):
            namespace.wait("job/work", complete(), within=600)


class TestTimes:
    """Starts and ends, by two clocks."""

    def test_the_recorder_notes_the_life_of_a_pod(self, namespace: Namespace) -> None:
        """Sidecar before main, main's end before the sidecar's, also after both are gone; the order of arrival is kept."""
        recorder = namespace.record()
        gate = {"exec": {"command": ["true"]}, "periodSeconds": 1}
        sidecar = {**SIDECAR, "restartPolicy": "Always", "startupProbe": gate}
        namespace.apply([pod(command="echo hello; sleep 1; echo bye", initContainers=[sidecar])])
        log = namespace.follow("pod/app", "main")
        namespace.wait("pod/app", phase("Succeeded"), within=60)
        namespace.delete("pod/app", grace=0)
        namespace.wait_gone("pod/app", within=30)

        steps = [
            ("running", "sidecar"),
            ("started", "sidecar"),
            ("running", "main"),
            ("terminated", "main"),
            ("terminated", "sidecar"),
        ]
        arrivals = [recorder.at("pod/app", what, container) for what, container in steps]
        assert arrivals == sorted(arrivals)
        assert recorder.at("pod/app", "gone") >= recorder.at("pod/app", "Succeeded")
        assert [each.exit_code for each in recorder.moments if each.what == "terminated"] == [0, 3]
        hello, bye = log.to_its_end()
        assert (hello.text, bye.text) == ("hello", "bye")
        assert 0.9 <= (bye.at - hello.at).total_seconds() < 10

    def test_the_timeline_reads_the_statuses(self, namespace: Namespace) -> None:
        """Start, end and exit code of a container that has ended."""
        namespace.apply([pod(command="sleep 1; exit 4")])
        namespace.wait("pod/app", phase("Failed"), within=60)
        times = namespace.timeline("pod/app")
        assert times.created <= times.started("main") < times.finished("main")
        assert times.containers["main"].exit_code == 4

    def test_a_container_that_restarts_between_two_updates_is_noted_as_ended_and_begun(self) -> None:
        """No life is lost when the kubelet reports late."""
        before = status("a", {"running": {}}, started=True)
        after = status("b", {"running": {}}, started=True, lastState={"terminated": {"exitCode": 9}}, restartCount=1)
        assert list(news(before, after)) == [
            ("terminated", "main", 9),
            ("running", "main", None),
            ("started", "main", None),
        ]

    def test_the_same_object_again_is_no_news(self) -> None:
        """A watch that is opened anew shows known objects: they add nothing."""
        same = status("a", {"running": {}}, started=True, ready=True)
        assert list(news(same, same)) == []


def status(identity: str, state: Json, **more: object) -> Json:
    """A Pod of which only the status of `main` matters."""
    found = {"name": "main", "containerID": identity, "state": state, **more}
    return {"metadata": {"uid": "1"}, "status": {"containerStatuses": [found]}}


def test_a_closed_namespace_goes_although_its_pods_are_deaf(api: Api, discovery: Discovery) -> None:
    """Closing kills Pods that ignore SIGTERM long before their grace period is over."""
    lent = Namespace.create(api, discovery, "closed")
    lent.apply([pod(command="sleep 3600", terminationGracePeriodSeconds=600)])
    lent.wait("pod/app", started("main"), within=30)
    lent.close()
    lent.wait_gone(f"namespace/{lent.name}", within=60)
