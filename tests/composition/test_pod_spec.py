"""`PodSpec`: what one description of a Pod promises."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from sidecarlib import (
    Container,
    EnvVar,
    InitContainer,
    InvalidValueError,
    NativeSidecar,
    PodSpec,
    Probe,
    SidecarlibWarning,
    Volume,
    WaitFor,
)
from sidecarlib.model.volume import VolumeMount

READY = Probe.http("/ready", port=8080)


def sidecar(name: str, **fields: Any) -> NativeSidecar:
    """A sidecar that nothing is wrong with."""
    return NativeSidecar(**{"name": name, "image": f"{name}:1", "startup_probe": READY, **fields})


def app(**fields: Any) -> Container:
    """An application."""
    return Container(**{"name": "app", "image": "app:1", **fields})


def spec(pod: PodSpec, kind: str = "Deployment") -> dict[str, Any]:
    """The rendered pod spec."""
    rendered: dict[str, Any] = pod.render("web", kind=kind).template["spec"]
    return rendered


def sequence(pod: PodSpec) -> list[str]:
    """The names of the init sequence."""
    return [container["name"] for container in spec(pod)["initContainers"]]


def refused(**fields: Any) -> str:
    """The text of the error that a Pod of these fields raises."""
    with pytest.raises(InvalidValueError) as raised:
        PodSpec(**{"containers": [app()], **fields})
    return str(raised.value)


@dataclass(frozen=True, kw_only=True)
class Database:
    """Somebody's own class with the `Sidecar` protocol, and offers."""

    name: str = "database"
    uses: Sequence[str] = ()
    volumes: Sequence[Volume] = ()
    stops_within: float | None = 1

    @property
    def files(self) -> Mapping[str, str]:
        """A configuration file."""
        return {"/etc/database/database.conf": "port = 5432\n"}

    def container(self) -> NativeSidecar:
        """The container."""
        return sidecar(self.name)

    def env(self) -> list[EnvVar]:
        """Where it is."""
        return [EnvVar(name="DB_HOST", value="127.0.0.1").provided_by(self.name)]

    def mounts(self) -> list[VolumeMount]:
        """Where its socket is."""
        return [Volume.empty_dir("sockets").provided_by(self.name).mount("/sockets")]


class TestOrder:
    """Whoever uses a thing starts after its provider."""

    def test_uses_orders(self) -> None:
        """A sidecar that uses another starts after it, however they were listed."""
        assert sequence(PodSpec(containers=[app()], sidecars=[sidecar("b", uses=["a"]), sidecar("a")])) == ["a", "b"]

    def test_after_orders_without_giving_anything(self) -> None:
        """A bare `after` changes the order and nothing else."""
        pod = PodSpec(containers=[app(after=["database"])], sidecars=[sidecar("b", after=["database"]), Database()])
        assert sequence(pod) == ["database", "b"]
        assert "env" not in spec(pod)["containers"][0]

    def test_a_mount_orders(self) -> None:
        """Whoever mounts a volume that a sidecar fills starts after that sidecar."""
        secrets = Volume.empty_dir("secrets").provided_by("vault")
        proxy = sidecar("proxy", volume_mounts=[secrets.mount("/secrets", read_only=True)])
        vault = sidecar("vault", volume_mounts=[secrets.mount("/secrets")])
        assert sequence(PodSpec(containers=[app()], sidecars=[proxy, vault])) == ["vault", "proxy"]

    def test_a_variable_orders(self) -> None:
        """A variable from a provider, under a name of one's own, carries its provider."""
        variable = EnvVar(name="PGHOST", value="127.0.0.1").provided_by("proxy")
        pod = PodSpec(containers=[app()], sidecars=[sidecar("b", env=[variable]), sidecar("proxy")])
        assert sequence(pod) == ["proxy", "b"]

    def test_an_init_container_that_uses_nothing_runs_first(self) -> None:
        """Preparations run before every sidecar."""
        prepare = InitContainer(name="prepare", image="p:1")
        pod = PodSpec(containers=[app()], sidecars=[sidecar("a")], init_containers=[prepare])
        assert sequence(pod) == ["prepare", "a"]

    def test_a_migration_runs_right_behind_what_it_uses(self) -> None:
        """It does not wait for sidecars that it does not need."""
        migrate = InitContainer(name="migrate", image="m:1", uses=["proxy"])
        pod = PodSpec(containers=[app()], sidecars=[sidecar("proxy"), sidecar("otel")], init_containers=[migrate])
        assert sequence(pod) == ["proxy", "migrate", "otel"]

    def test_a_gate_stands_right_behind_its_sidecar(self) -> None:
        """Nothing gets between a sidecar and the gate that waits for it."""
        gated = sidecar("proxy", startup_probe=WaitFor.tcp(port=5432))
        migrate = InitContainer(name="migrate", image="m:1", uses=["proxy"])
        pod = PodSpec(containers=[app()], sidecars=[gated, sidecar("otel")], init_containers=[migrate])
        assert sequence(pod) == ["proxy", "proxy-gate", "migrate", "otel"]

    def test_a_replaced_sidecar_keeps_its_users(self) -> None:
        """Providers are referred to by name."""
        pod = PodSpec(containers=[app(uses=[Database()])], sidecars=[sidecar("b", uses=["database"]), Database()])
        replaced = pod.replace(sidecars=[sidecar("b", uses=["database"]), sidecar("database", args=["--other"])])
        assert sequence(replaced) == ["database", "b"]


class TestOffers:
    """What `uses` gives."""

    def test_variables_stand_in_front_of_the_users_own(self) -> None:
        """So `$(DB_HOST)` in a variable of the application resolves."""
        pod = PodSpec(containers=[app(uses=["database"], env={"URL": "pg://$(DB_HOST)"})], sidecars=[Database()])
        assert [variable["name"] for variable in spec(pod)["containers"][0]["env"]] == ["DB_HOST", "URL"]

    def test_mounts_bring_their_volume(self) -> None:
        """The Pod has the volume that the user mounts."""
        pod = PodSpec(containers=[app(uses=["database"])], sidecars=[Database()])
        assert {"name": "sockets", "mountPath": "/sockets"} in spec(pod)["containers"][0]["volumeMounts"]
        assert {"name": "sockets", "emptyDir": {}} in spec(pod)["volumes"]

    def test_a_variable_that_is_there_already_is_an_error_naming_both(self) -> None:
        """Nobody's variable is silently replaced."""
        told = refused(containers=[app(uses=["database"], env={"DB_HOST": "x"})], sidecars=[Database()])
        assert "variable 'DB_HOST' comes from database and from the container itself @ container 'app', env" in told

    def test_two_sidecars_that_offer_one_variable_are_an_error(self) -> None:
        """Both are named."""
        both = [Database(), Database(name="second", volumes=())]
        told = refused(containers=[app(uses=both)], sidecars=both)
        assert "'DB_HOST' comes from second and from database" in told

    def test_a_path_that_is_taken_is_an_error(self) -> None:
        """A mount of the user's own is not replaced."""
        own = Volume.empty_dir("own").mount("/sockets")
        assert "'/sockets' holds volume 'own' already" in refused(
            containers=[app(uses=["database"], volume_mounts=[own])], sidecars=[Database()]
        )


class TestProviders:
    """Providers that are missing, ambiguous or go in a circle."""

    def test_a_missing_provider_names_the_whole_chain(self) -> None:
        """The error shows how the application comes to need it, and what there is."""
        told = refused(containers=[app(uses=["proxy"])], sidecars=[sidecar("proxy", uses=["vault"])])
        assert "no provider 'vault' (app -> proxy -> vault) @ container 'proxy', uses" in told
        assert "use one of: proxy" in told

    def test_a_main_container_is_no_provider(self) -> None:
        """Nothing can start after what starts last."""
        assert "'app' is a main container" in refused(sidecars=[sidecar("a", uses=["app"])])

    def test_a_sidecar_cannot_need_itself(self) -> None:
        """That is told as what it is."""
        assert "it needs itself" in refused(sidecars=[sidecar("a", after=["a"])])

    def test_a_cycle_names_every_container_in_it(self) -> None:
        """All of the circle stands in the error."""
        told = refused(sidecars=[sidecar("a", uses=["b"]), sidecar("b", uses=["a"])])
        assert "a cycle: a needs b (uses), b needs a (uses)" in told

    def test_a_volume_with_two_providers_is_ambiguous(self) -> None:
        """Which one to wait for cannot be known."""
        volume = Volume.empty_dir("secrets")
        told = refused(
            sidecars=[
                sidecar("a", volume_mounts=[volume.provided_by("a").mount("/x")]),
                sidecar("b", volume_mounts=[volume.provided_by("b").mount("/x")]),
            ]
        )
        assert "volume 'secrets' is ambiguous: a and b both provide it" in told

    def test_two_volumes_of_one_name_are_an_error(self) -> None:
        """Both users are named."""
        told = refused(
            containers=[app(volume_mounts=[Volume.empty_dir("data").mount("/x")])],
            sidecars=[sidecar("a", volume_mounts=[Volume.secret("data", secret="s").mount("/x")])],
        )
        assert "volume 'data' is two things: container 'app' brings one, container 'a' another" in told

    def test_a_reused_container_name_names_both_sides(self) -> None:
        """Where each of them stands is told, once."""
        told = refused(sidecars=[sidecar("app")])
        assert "two containers called 'app', in sidecars and in containers" in told
        assert "problems" not in told

    def test_everything_wrong_in_a_pod_is_told_at_once(self) -> None:
        """Problems of different kinds stand in one error, each on a line."""
        told = refused(
            containers=[app(uses=["nope"])],
            sidecars=[sidecar("a", uses=["b"]), sidecar("b", uses=["a"]), sidecar("app")],
        )
        assert told.startswith("3 problems")

    def test_wrong_fields_and_wrong_references_are_told_together(self) -> None:
        """One error has what is wrong in the Pod's own fields and what is wrong between its containers."""
        told = refused(labels={"!": "x"}, containers=[app(), app()], sidecars=[sidecar("a", uses=["zz"])])
        assert all(part in told for part in ("invalid key '!'", "two containers called 'app'", "no provider 'zz'"))

    def test_what_is_no_sidecar_is_told(self) -> None:
        """An object without the protocol is refused with what it lacks."""
        assert "Container is no sidecar @ sidecars[0]" in refused(sidecars=[app()])


class TestFiles:
    """Files of a sidecar."""

    def test_files_become_one_config_map_of_the_workload(self) -> None:
        """It is named after workload and sidecar and mounted where the files are read."""
        rendered = PodSpec(containers=[app()], sidecars=[Database()]).render("web")
        assert [each["metadata"]["name"] for each in rendered.config_maps] == ["web-database"]
        assert rendered.config_maps[0]["data"] == {"database.conf": "port = 5432\n"}
        mounts = rendered.template["spec"]["initContainers"][0]["volumeMounts"]
        assert mounts == [{"name": "database-files", "mountPath": "/etc/database", "readOnly": True}]
        assert rendered.template["spec"]["volumes"] == [
            {"name": "database-files", "configMap": {"name": "web-database"}}
        ]

    def test_files_in_two_folders_share_a_config_map(self) -> None:
        """Each folder has a volume that shows its own files, even when two have one base name."""
        files = {"/etc/a/x.conf": "a", "/etc/b/x.conf": "b"}
        rendered = PodSpec(containers=[app()], sidecars=[sidecar("s", files=files)]).render("web")
        assert rendered.config_maps[0]["data"] == {"x.conf": "a", "x.conf-2": "b"}
        assert [volume["configMap"]["items"] for volume in rendered.template["spec"]["volumes"]] == [
            [{"key": "x.conf", "path": "x.conf"}],
            [{"key": "x.conf-2", "path": "x.conf"}],
        ]

    @pytest.mark.parametrize(
        ("kind", "rolls"),
        [
            ("Deployment", True),
            ("StatefulSet", True),
            ("DaemonSet", True),
            ("Job", False),
            ("CronJob", False),
            ("Pod", False),
        ],
    )
    def test_a_changed_file_rolls_the_pods_of_kinds_that_can(self, kind: str, *, rolls: bool) -> None:
        """The checksum stands on the template where a change replaces the Pods, and never where a change is refused."""

        def template(text: str) -> dict[str, Any]:
            return (
                PodSpec(containers=[app()], sidecars=[sidecar("s", files={"/etc/s/f": text})])
                .render("w", kind=kind)
                .template
            )

        assert (template("one") != template("two")) is rolls


class TestRendering:
    """What a rendered Pod has."""

    @pytest.mark.parametrize(
        ("kind", "policy"), [("Job", "Never"), ("CronJob", "Never"), ("Pod", "Never"), ("Deployment", None)]
    )
    def test_the_restart_policy_belongs_to_the_kind(self, kind: str, policy: str | None) -> None:
        """One description fits a Deployment and a Job."""
        assert spec(PodSpec(containers=[app()]), kind).get("restartPolicy") == policy

    def test_the_selector_is_of_kind_and_name(self) -> None:
        """It depends on nothing that moving code around changes."""
        rendered = PodSpec(containers=[app()]).render("web")
        assert rendered.match_labels == {"sidecarlib/workload": "deployment.web"}
        assert rendered.template["metadata"]["labels"] == rendered.match_labels

    def test_a_long_name_still_gives_a_valid_selector(self) -> None:
        """Label values have at most 63 characters; different names stay different."""
        values = {
            PodSpec(containers=[app()]).render(f"{'x' * 61}{end}").match_labels["sidecarlib/workload"]
            for end in ("a", "b")
        }
        assert len(values) == 2
        assert all(len(value) <= 63 for value in values)

    def test_a_selector_that_contradicts_a_label_is_an_error(self) -> None:
        """The API server would refuse it."""
        with pytest.raises(InvalidValueError, match="label 'app' is 'a' in the Pod and 'b' in match_labels"):
            PodSpec(containers=[app()], labels={"app": "a"}).render("web", match_labels={"app": "b"})

    def test_what_is_rendered_can_be_changed_without_harm(self) -> None:
        """The caller gets dicts of its own."""
        pod = PodSpec(containers=[app()], sidecars=[sidecar("a")])
        pod.render("web").template["spec"]["initContainers"].clear()
        assert sequence(pod) == ["a"]

    def test_the_same_pod_renders_the_same_bytes(self) -> None:
        """Two renderings do not differ, not even in the order of keys."""
        pods = [PodSpec(containers=[app(uses=["database"])], sidecars=[Database(), sidecar("b")]) for _ in range(2)]
        assert repr(pods[0].render("web")) == repr(pods[1].render("web"))

    def test_extra_reaches_the_pod_and_the_rules(self) -> None:
        """Fields without a typed name are there; mappings merge."""
        pod = PodSpec(containers=[app()], extra={"os": {"name": "linux"}})
        assert spec(pod)["os"] == {"name": "linux"}
        assert "has a place of its own" in refused(extra={"restartPolicy": "Never"})

    def test_a_field_that_does_not_exist_cannot_be_replaced(self) -> None:
        """`replace` names the field."""
        with pytest.raises(InvalidValueError, match="unknown field 'sidecar'"):
            PodSpec(containers=[app()]).replace(sidecar=[])


class TestAcknowledgement:
    """Reasons that the user gives."""

    def test_a_reason_for_no_gate_is_kept_in_the_manifest(self) -> None:
        """It stands on the workload's own metadata, never on the template."""
        pod = PodSpec(containers=[app()], sidecars=[sidecar("a", startup_probe=Probe.none(because="it serves nobody"))])
        rendered = pod.render("web")
        assert rendered.annotations == {"sidecarlib/acknowledge.sidecar-without-startup-gate": "a: it serves nobody"}
        assert "annotations" not in rendered.template["metadata"]

    def test_an_unknown_rule_and_an_empty_reason_are_errors(self) -> None:
        """An acknowledgement that acknowledges nothing is a mistake."""
        told = refused(acknowledge={"no-such-rule": ""})
        assert "unknown rule 'no-such-rule'" in told
        assert "no reason for 'no-such-rule'" in told


class TestStopBudget:
    """One grace period for all."""

    slow = (sidecar("a", stops_within=20), sidecar("b", stops_within=15))

    def test_sidecars_that_would_be_killed_are_named(self) -> None:
        """They stop one after the other, the last one first; the first listed gets what is left."""
        with pytest.warns(SidecarlibWarning, match=r"35 s to stop \(b 15 s, a 20 s\).* 30 s: a would be killed"):
            PodSpec(containers=[app()], sidecars=self.slow)

    def test_the_warning_points_to_the_users_line(self) -> None:
        """Its file is the one that built the Pod."""
        with pytest.warns(SidecarlibWarning) as caught:
            PodSpec(containers=[app()], sidecars=self.slow)
        assert caught[0].filename == __file__

    def test_a_replaced_pod_warns_at_the_users_line_too(self) -> None:
        """`replace` adds no line of its own."""
        pod = PodSpec(containers=[app()])
        with pytest.warns(SidecarlibWarning) as caught:
            pod.replace(sidecars=self.slow)
        assert caught[0].filename == __file__

    @pytest.mark.parametrize(
        "fields",
        [{"termination_grace_period_seconds": 40}, {"acknowledge": {"grace-period-too-short": "nothing is buffered"}}],
        ids=str,
    )
    def test_enough_time_or_a_reason_ends_it(self, fields: dict[str, Any]) -> None:
        """A longer grace period, or a reason, and there is no warning."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            PodSpec(containers=[app()], sidecars=self.slow, **fields)
