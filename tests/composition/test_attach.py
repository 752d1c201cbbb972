"""`attach`: sidecars for Pods that somebody else has described."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sidecarlib import (
    ALL_MAINS,
    Container,
    EnvVar,
    InitContainer,
    InvalidValueError,
    NativeSidecar,
    PodSpec,
    Probe,
    Sidecar,
    attach,
)
from tests.composition.test_pod_spec import Database, app, sidecar


def deployment(**spec: Any) -> dict[str, Any]:
    """A Deployment of somebody's."""
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "app:1"}], **spec}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }


def pod(target: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The pod spec after attaching."""
    manifest = attach(target, **fields).manifest
    assert manifest is not None
    found: dict[str, Any] = manifest["spec"]["template"]["spec"]
    return found


def sequence(target: dict[str, Any], **fields: Any) -> list[str]:
    """The names of the init sequence after attaching."""
    return [container["name"] for container in pod(target, **fields)["initContainers"]]


class TestPlace:
    """Where the new containers go."""

    existing = ({"name": "setup", "image": "s:1"}, {"name": "migrate", "image": "m:1"})

    def test_existing_init_containers_stay_in_front(self) -> None:
        """They ran without the sidecar before, so nothing changes for them."""
        target = deployment(initContainers=list(self.existing))
        assert sequence(target, sidecars=[sidecar("proxy")]) == ["setup", "migrate", "proxy"]

    def test_a_user_among_them_comes_behind_the_sidecar(self) -> None:
        """Those in front of it stay in front."""
        target = deployment(initContainers=list(self.existing))
        assert sequence(target, sidecars=[sidecar("proxy")], used_by=["migrate"]) == ["setup", "proxy", "migrate"]

    def test_sidecars_that_are_there_keep_their_place(self) -> None:
        """An injected mesh proxy stays first."""
        mesh = {"name": "mesh", "image": "m:1", "restartPolicy": "Always", "startupProbe": {"tcpSocket": {"port": 1}}}
        assert sequence(deployment(initContainers=[mesh]), sidecars=[sidecar("a"), sidecar("b")]) == ["mesh", "a", "b"]

    def test_new_init_containers_are_ordered_by_what_they_use(self) -> None:
        """As in a `PodSpec`."""
        load = InitContainer(name="load", image="l:1", uses=["proxy"])
        assert sequence(deployment(), sidecars=[sidecar("proxy"), sidecar("b")], init_containers=[load]) == [
            "proxy",
            "load",
            "b",
        ]


class TestResult:
    """What comes out."""

    def test_it_is_what_a_pod_spec_would_have_been(self) -> None:
        """The same Pod, described whole or attached to, is the same."""
        sidecars: list[Sidecar] = [Database(), sidecar("b")]
        whole = PodSpec(containers=[app(uses=["database", "b"])], sidecars=sidecars, labels={"app": "web"})
        rendered = whole.render("web", match_labels={"app": "web"})
        attached = attach(deployment(), sidecars=sidecars, used_by=["app"])
        assert attached.template == rendered.template
        assert attached.config_maps == rendered.config_maps

    def test_the_target_is_not_changed(self) -> None:
        """The caller's dict stays as it was."""
        target = deployment()
        before = copy.deepcopy(target)
        attach(target, sidecars=[Database()], used_by=ALL_MAINS)
        assert target == before

    def test_all_mains_get_what_the_sidecar_offers(self) -> None:
        """Variables stand in front of their own."""
        two = [
            {"name": "a", "image": "a:1", "env": [{"name": "URL", "value": "$(DB_HOST)"}]},
            {"name": "b", "image": "b:1"},
        ]
        containers = pod(deployment(containers=two), sidecars=[Database()], used_by=ALL_MAINS)["containers"]
        assert [[each["name"] for each in container["env"]] for container in containers] == [
            ["DB_HOST", "URL"],
            ["DB_HOST"],
        ]

    def test_fields_that_are_nobodys_business_stay(self) -> None:
        """Everything else of the object is untouched."""
        target = deployment(nodeSelector={"disk": "ssd"}, volumes=[{"name": "own", "emptyDir": {}}])
        result = pod(target, sidecars=[Database()])
        assert result["nodeSelector"] == {"disk": "ssd"}
        assert result["volumes"][0] == {"name": "own", "emptyDir": {}}

    def test_a_kind_of_somebodys_own_works(self) -> None:
        """Wherever the template is."""
        rollout = {**deployment(), "kind": "Rollout", "apiVersion": "argoproj.io/v1alpha1"}
        assert sequence(rollout, sidecars=[sidecar("a")]) == ["a"]

    def test_a_bare_pod_spec_of_somebodys_own_works(self) -> None:
        """Also where the kind has no template around it."""
        thing = {
            "kind": "Thing",
            "metadata": {"name": "t"},
            "spec": {"podSpec": {"containers": [{"name": "app", "image": "a:1"}]}},
        }
        manifest = attach(thing, sidecars=[Database()], used_by=["app"]).manifest
        assert manifest is not None
        assert [each["name"] for each in manifest["spec"]["podSpec"]["initContainers"]] == ["database"]
        assert list(manifest["spec"]) == ["podSpec"]

    def test_a_reason_for_one_sidecar_does_not_silence_others(self) -> None:
        """A sidecar that was there without a gate is still warned of."""
        old = {"name": "old", "image": "o:1", "restartPolicy": "Always"}
        mute = NativeSidecar(name="mute", image="m:1", startup_probe=Probe.none(because="nobody uses it"))
        with pytest.warns(match="old") as caught:
            attach(deployment(initContainers=[old]), sidecars=[mute])
        assert len(caught) == 1


class TestRefusals:
    """What is refused."""

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"sidecars": [sidecar("app")]}, "two containers called 'app', in sidecars and in containers"),
            ({"sidecars": [sidecar("a")], "used_by": ["nobody"]}, "no container 'nobody'"),
            ({"sidecars": [sidecar("a", uses=["b"])]}, "no provider 'b'"),
            ({"sidecars": [sidecar("a")], "kubernetes": "1.x"}, "'1.x' is no Kubernetes version"),
            ({"sidecars": [sidecar("a")], "acknowledge": {"nope": "x"}}, "unknown rule 'nope'"),
        ],
        ids=str,
    )
    def test_a_mistake_names_both_sides(self, fields: dict[str, Any], told: str) -> None:
        """One error with what is wrong and where."""
        with pytest.raises(InvalidValueError) as raised:
            attach(deployment(), **fields)
        assert told in str(raised.value)

    def test_a_variable_that_is_there_is_an_error(self) -> None:
        """Whoever wrote it."""
        target = deployment(containers=[{"name": "app", "image": "a:1", "env": [{"name": "DB_HOST", "value": "x"}]}])
        with pytest.raises(InvalidValueError, match="'DB_HOST' comes from database and from the container itself"):
            attach(target, sidecars=[Database()], used_by=["app"])

    @pytest.mark.parametrize(
        "target", [{"kind": "Service"}, {}, {"kind": "List", "items": [deployment(), deployment()]}]
    )
    def test_a_target_needs_exactly_one_pod(self, target: dict[str, Any]) -> None:
        """An object without a Pod, or with several, is refused."""
        with pytest.raises(InvalidValueError, match="pod templates"):
            attach(target, sidecars=[sidecar("a")])

    def test_config_maps_need_a_name(self) -> None:
        """A Pod without any name has to be told one; a generated name's beginning serves."""
        spec = {"containers": [{"name": "a", "image": "a:1"}]}
        with pytest.raises(InvalidValueError, match="the object has no name"):
            attach({"kind": "Pod", "metadata": {}, "spec": spec}, sidecars=[Database()])
        for metadata, name in (({}, "p"), ({"generateName": "p-"}, None)):
            made = attach({"kind": "Pod", "metadata": metadata, "spec": spec}, sidecars=[Database()], name=name)
            assert made.config_maps[0]["metadata"]["name"] == "p-database"


def test_providers_of_containers_can_be_shared() -> None:
    """A variable made by a provider orders an attached sidecar as it does in a `PodSpec`."""
    host = EnvVar(name="H", value="127.0.0.1").provided_by("database")
    user = sidecar("user", env=[host])
    assert sequence(deployment(), sidecars=[user, Database()]) == ["database", "user"]
    assert Container(name="app", image="a:1", env=[host]).env
