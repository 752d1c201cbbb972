"""Workloads as cdk8s constructs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cdk8s
import pytest
from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch
from constructs import Construct

from sidecarlib import (
    Container,
    CronJob,
    DaemonSet,
    Deployment,
    InvalidValueError,
    Job,
    NativeSidecar,
    Pod,
    PodSecurityContext,
    PodSpec,
    Probe,
    StatefulSet,
    VolumeClaimTemplate,
    Workload,
    set_target,
)

SIDECAR = NativeSidecar(
    name="s", image="s:1", startup_probe=Probe.http("/ready", port=8080), files={"/etc/s/s.conf": "a"}, stops_within=1
)
POD = PodSpec(containers=[Container(name="app", image="app:1")], sidecars=[SIDECAR])


@pytest.fixture
def chart() -> Chart:
    """An empty chart with a namespace and a label."""
    return Chart(cdk8s.Testing.app(), "chart", namespace="shop", labels={"team": "payments"})


def synth(chart: Chart, kind: str) -> dict[str, Any]:
    """The only object of a kind."""
    (found,) = [each for each in cdk8s.Testing.synth(chart) if each["kind"] == kind]
    return dict(found)


class TestEveryWorkload:
    """What holds for each of them."""

    @pytest.mark.parametrize("kind", [Pod, Job, Deployment, StatefulSet, DaemonSet])
    def test_it_is_one_object_with_its_config_maps(self, chart: Chart, kind: Any) -> None:
        """The workload and the ConfigMaps it mounts are printed, the ConfigMaps first."""
        kind(chart, "web", name="web", pod=POD)
        assert [each["kind"] for each in cdk8s.Testing.synth(chart)] == ["ConfigMap", kind.__name__]

    def test_namespace_and_labels_come_from_the_chart(self, chart: Chart) -> None:
        """As with every cdk8s object."""
        Deployment(chart, "web", name="web", pod=POD)
        for each in cdk8s.Testing.synth(chart):
            assert each["metadata"]["namespace"] == "shop"
            assert each["metadata"]["labels"]["team"] == "payments"

    def test_metadata_of_the_users_own_is_kept(self, chart: Chart) -> None:
        """Its name, namespace, labels and annotations are the object's, and the ConfigMap is in its namespace."""
        own = ApiObjectMetadata(name="web", namespace="other", labels={"a": "b"}, annotations={"c": "d"})
        Deployment(chart, "web", metadata=own, pod=POD)
        metadata = synth(chart, "Deployment")["metadata"]
        assert (metadata["name"], metadata["namespace"]) == ("web", "other")
        assert metadata["labels"]["a"] == "b"
        assert metadata["annotations"]["c"] == "d"
        assert synth(chart, "ConfigMap")["metadata"]["namespace"] == "other"

    def test_late_labels_and_patches_are_seen(self, chart: Chart) -> None:
        """What is added after construction is there, and patches come last."""
        web = Deployment(chart, "web", name="web", replicas=1, pod=POD)
        web.metadata.add_label("late", "yes")
        ApiObject.of(web).add_json_patch(JsonPatch.replace("/spec/replicas", 5))
        printed = synth(chart, "Deployment")
        assert printed["metadata"]["labels"]["late"] == "yes"
        assert printed["spec"]["replicas"] == 5

    def test_a_name_is_made_up_as_cdk8s_does(self, chart: Chart) -> None:
        """Without a name it is the one that any object with this id gets, and the ConfigMap follows it."""
        expected = ApiObject(Chart(cdk8s.Testing.app(), "chart"), "web", api_version="apps/v1", kind="Deployment").name
        web = Deployment(chart, "web", pod=POD)
        assert web.name == expected
        assert synth(chart, "ConfigMap")["metadata"]["name"] == f"{expected}-s"

    @pytest.mark.parametrize("kind", [StatefulSet, CronJob])
    def test_a_made_up_name_is_cut_to_what_runs(self, chart: Chart, kind: Any) -> None:
        """Kinds that only run with short names get one, different for different ids."""
        fields = {"schedule": "@daily"} if kind is CronJob else {}
        made = {kind(chart, f"{'long-' * 12}{end}", pod=POD, **fields).name for end in ("a", "b")}
        assert len(made) == 2
        assert all(len(name) <= 52 for name in made)

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": "Bad_Name"},
            {"name": "web", "metadata": ApiObjectMetadata(name="web")},
            {"name": "web", "replicas": -1},
            {"name": "web", "extra": {"template": {"spec": {"containers": []}}}},
            {"name": "web", "extra": {"x": {1, 2}}},
            {"name": "web", "match_labels": {"a b": "c"}},
            {"name": "web", "kubernetes": "1.27"},
            {"name": "web", "kubernetes": "latest"},
            {"name": "web", "acknowledge": {"nope": "because"}},
            {"name": "web", "pod": None},
            {"pod": "app"},
        ],
        ids=str,
    )
    def test_a_refused_workload_leaves_nothing_behind(self, chart: Chart, fields: dict[str, Any]) -> None:
        """The chart is as empty as before, whatever was wrong."""
        with pytest.raises(InvalidValueError):
            Deployment(chart, "web", **{"pod": POD, **fields})
        assert chart.node.children == []

    def test_a_refused_made_up_name_leaves_nothing_behind(self, chart: Chart) -> None:
        """Also when the name was known only after the construct was there."""
        with pytest.raises(InvalidValueError):
            Deployment(chart, "web", pod=POD, kubernetes="1.27")
        assert chart.node.children == []

    def test_a_reason_stands_on_the_workload(self, chart: Chart) -> None:
        """With a name or without, the annotation is on the object's own metadata."""
        ungated = POD.replace(
            sidecars=[NativeSidecar(name="s", image="s:1", startup_probe=Probe.none(because="no users"))]
        )
        Deployment(chart, "named", name="named", pod=ungated)
        Deployment(chart, "unnamed", pod=ungated)
        key = "sidecarlib/acknowledge.sidecar-without-startup-gate"
        assert [each["metadata"]["annotations"][key] for each in cdk8s.Testing.synth(chart)] == ["s: no users"] * 2


class TestExtra:
    """Fields that have no typed name."""

    def test_the_shared_pod_stays_as_it_is(self, chart: Chart) -> None:
        """What one workload adds is not in the next."""
        pod = POD.replace(security_context=PodSecurityContext(run_as_user=5))
        for name in ("a", "b"):
            Pod(chart, name, name=name, pod=pod, extra={"securityContext": {"fsGroup": 7}})
        assert pod.render("x").template["spec"]["securityContext"] == {"runAsUser": 5}

    @pytest.mark.parametrize("kind", [Pod, Deployment])
    def test_the_rules_see_it(self, chart: Chart, kind: Any) -> None:
        """A mistake in it is refused as one in a typed field."""
        spec = {"volumes": [{"name": "s-files", "emptyDir": {}}], "hostNetwork": True}
        probe = {"initContainers": [{"name": "i", "image": "i:1", "livenessProbe": {"tcpSocket": {"port": 1}}}]}
        plain = PodSpec(containers=[Container(name="app", image="app:1")])
        extra = {**spec, **probe}
        with pytest.raises(InvalidValueError, match="probe-or-hook-on-init-container"):
            kind(chart, "x", name="x", pod=plain, extra=extra if kind is Pod else {"template": {"spec": extra}})

    def test_what_the_pod_makes_cannot_be_set(self, chart: Chart) -> None:
        """A template or a selector in the workload's own fields is an error, not lost."""
        with pytest.raises(InvalidValueError) as raised:
            Workload(
                chart,
                "x",
                name="x",
                api_version="example.com/v1",
                kind="Thing",
                pod=POD,
                spec={"template": {}, "selector": {}},
                match_labels={"a": "b"},
            )
        assert [problem.what for problem in raised.value.problems] == [
            "selector is set already",
            "template is set already",
        ]

    @pytest.mark.parametrize("text", ["0o17", "0X1F", "-_4", "1e_0", "=", "<<", "a\u2028b", "a\x85b"])
    def test_text_that_cdk8s_would_change_is_refused(self, chart: Chart, text: str) -> None:
        """A value that kubectl would read as a number, or that YAML loses, is an error with its path."""
        pod = PodSpec(containers=[Container(name="app", image="app:1", env={"A": text})])
        with pytest.raises(InvalidValueError, match=r"containers\[0\]\.env\[0\]\.value"):
            Deployment(chart, "x", name="x", pod=pod)
        assert chart.node.children == []


class TestKinds:
    """Fields of the kinds."""

    def test_a_deployment_selects_its_pods(self, chart: Chart) -> None:
        """Selector, template and `match_labels` agree."""
        web = Deployment(chart, "web", name="web", pod=POD, strategy={"type": "Recreate"}, min_ready_seconds=5)
        printed = synth(chart, "Deployment")["spec"]
        assert printed["selector"]["matchLabels"] == web.match_labels == printed["template"]["metadata"]["labels"]
        assert (printed["strategy"], printed["minReadySeconds"]) == ({"type": "Recreate"}, 5)

    def test_a_job_has_all_its_fields(self, chart: Chart) -> None:
        """Typed fields stand in the spec, and the Pods are not restarted unless asked."""
        Job(
            chart,
            "once",
            name="once",
            pod=POD,
            backoff_limit=0,
            completions=3,
            active_deadline_seconds=60,
            suspend=True,
        )
        printed = synth(chart, "Job")["spec"]
        assert {key: printed[key] for key in ("backoffLimit", "completions", "activeDeadlineSeconds", "suspend")} == {
            "backoffLimit": 0,
            "completions": 3,
            "activeDeadlineSeconds": 60,
            "suspend": True,
        }
        assert printed["template"]["spec"]["restartPolicy"] == "Never"

    def test_a_generated_name_is_left_to_the_api_server(self, chart: Chart) -> None:
        """`generateName` takes the name's place; the ConfigMap has a stable name."""
        Job(chart, "once", generate_name="once-", pod=POD)
        metadata = synth(chart, "Job")["metadata"]
        assert metadata["generateName"] == "once-"
        assert "name" not in metadata
        assert synth(chart, "ConfigMap")["metadata"]["name"] == "once-s"

    def test_a_cron_job_gives_its_jobs_their_fields(self, chart: Chart) -> None:
        """Fields of the Job stand in its template, `suspend` on the CronJob itself."""
        CronJob(chart, "n", name="n", pod=POD, schedule="@daily", backoff_limit=1, suspend=True, time_zone="Etc/UTC")
        printed = synth(chart, "CronJob")["spec"]
        assert (printed["schedule"], printed["suspend"], printed["timeZone"]) == ("@daily", True, "Etc/UTC")
        assert printed["jobTemplate"]["spec"]["backoffLimit"] == 1
        assert printed["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"

    def test_a_stateful_set_brings_the_claims_that_its_pods_mount(self, chart: Chart) -> None:
        """The claim template is in the workload, the mount in the container, and no volume in the Pod."""
        claim = VolumeClaimTemplate(name="data", storage="1024Mi")
        pod = PodSpec(containers=[Container(name="db", image="db:1", volume_mounts=[claim.mount("/data")])])
        StatefulSet(chart, "db", name="db", pod=pod, volume_claim_templates=[claim], service_name="db")
        printed = synth(chart, "StatefulSet")["spec"]
        assert printed["volumeClaimTemplates"][0]["spec"]["resources"] == {"requests": {"storage": "1Gi"}}
        assert "volumes" not in printed["template"]["spec"]

    @pytest.mark.parametrize(("kind", "rolls"), [("Rollout", True), ("Job", False)])
    def test_a_changed_file_changes_kinds_that_can_replace_their_pods(
        self, chart: Chart, kind: str, *, rolls: bool
    ) -> None:
        """Any kind but those that run to completion gets the checksum."""
        Workload(chart, "x", name="x", api_version="example.com/v1", kind=kind, pod=POD)
        metadata = synth(chart, kind)["spec"]["template"].get("metadata", {})
        assert ("sidecarlib/checksum" in metadata.get("annotations", {})) is rolls

    def test_any_other_kind_embeds_the_pod(self, chart: Chart) -> None:
        """The template stands where the kind has it."""
        Workload(
            chart,
            "web",
            name="web",
            api_version="example.com/v1",
            kind="Thing",
            pod=POD,
            spec={"size": 2},
            template_path=("spec", "worker", "template"),
        )
        printed = synth(chart, "Thing")["spec"]
        assert printed["size"] == 2
        assert printed["worker"]["template"]["spec"]["containers"][0]["name"] == "app"

    def test_one_pod_fits_a_deployment_and_a_job(self, chart: Chart) -> None:
        """Nothing of the one is in the other."""
        Deployment(chart, "web", name="web", pod=POD)
        Job(chart, "once", name="once", pod=POD)
        deployment, job = (synth(chart, kind)["spec"]["template"]["spec"] for kind in ("Deployment", "Job"))
        assert "restartPolicy" not in deployment
        assert job["restartPolicy"] == "Never"
        assert deployment["initContainers"] == job["initContainers"]


class TestTarget:
    """The version that workloads are rendered for."""

    @pytest.mark.parametrize("make", [App, cdk8s.Testing.app], ids=["App", "Testing.app"])
    def test_a_target_of_the_app_reaches_every_workload(self, make: Any) -> None:
        """A version without native sidecars is refused wherever it was set."""
        app = make()
        chart = Chart(app, "chart")
        set_target(app, "1.27")
        with pytest.raises(InvalidValueError, match=r"1\.2[789]"):
            Deployment(chart, "web", name="web", pod=POD)

    def test_the_nearest_target_wins(self, chart: Chart) -> None:
        """A chart's comes before the app's, the workload's own before both."""
        set_target(chart.node.root, "1.27")
        set_target(chart, "1.33")
        Deployment(chart, "web", name="web", pod=POD)
        with pytest.raises(InvalidValueError):
            Deployment(chart, "old", name="old", pod=POD, kubernetes="1.27")


class TestConfigMaps:
    """ConfigMaps of workloads that share a name."""

    def test_two_workloads_of_one_name_share_what_is_the_same(self, chart: Chart) -> None:
        """A Deployment and a Job of one name and one Pod need one ConfigMap."""
        Deployment(chart, "web", name="web", pod=POD)
        Job(chart, "job", name="web", pod=POD)
        assert [each["kind"] for each in cdk8s.Testing.synth(chart)] == ["ConfigMap", "Deployment", "Job"]

    def test_two_workloads_never_overwrite_each_other(self, chart: Chart) -> None:
        """Other content under the same name is an error, and the second workload is not there."""
        Deployment(chart, "web", name="web", pod=POD)
        other = POD.replace(sidecars=[replace(SIDECAR, files={"/etc/s/s.conf": "b"})])
        with pytest.raises(InvalidValueError, match="two workloads make a ConfigMap 'web-s' of different content"):
            Job(chart, "job", name="web", pod=other)
        assert [each["kind"] for each in cdk8s.Testing.synth(chart)] == ["ConfigMap", "Deployment"]

    def test_each_chart_has_its_own(self) -> None:
        """Charts are environments: what one has does not reach the cluster of another."""
        app = cdk8s.Testing.app()
        charts = [Chart(app, name) for name in ("staging", "production")]
        for each in charts:
            Deployment(each, "web", name="web", pod=POD)
        assert [[printed["kind"] for printed in cdk8s.Testing.synth(each)] for each in charts] == [
            ["ConfigMap", "Deployment"]
        ] * 2

    def test_other_scopes_of_a_chart_are_seen(self, chart: Chart) -> None:
        """Also where the workloads are made in different constructs of one chart."""
        Deployment(Construct(chart, "a"), "web", name="web", pod=POD)
        other = POD.replace(sidecars=[replace(SIDECAR, files={"/etc/s/s.conf": "b"})])
        with pytest.raises(InvalidValueError, match="of different content"):
            Job(Construct(chart, "b"), "job", name="web", pod=other)

    def test_each_namespace_has_its_own(self, chart: Chart) -> None:
        """Two workloads of one name in two namespaces mount a ConfigMap each."""
        for namespace in ("x", "y"):
            Deployment(chart, namespace, metadata=ApiObjectMetadata(name="web", namespace=namespace), pod=POD)
        printed = [(each["kind"], each["metadata"]["namespace"]) for each in cdk8s.Testing.synth(chart)]
        assert printed == [("ConfigMap", "x"), ("Deployment", "x"), ("ConfigMap", "y"), ("Deployment", "y")]

    def test_a_workload_that_cdk8s_refuses_leaves_no_config_map(self, chart: Chart) -> None:
        """A construct id that is taken is cdk8s's error, and nothing of ours stays."""
        cdk8s.ApiObject(chart, "web", api_version="v1", kind="Service")
        with pytest.raises(RuntimeError, match="already a Construct"):
            Deployment(chart, "web", name="web", pod=POD)
        assert [child.node.id for child in chart.node.children] == ["web"]
