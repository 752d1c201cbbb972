"""Somebody's own sidecar, or Pod, that is not as it should be: told with its name, never by a bare TypeError."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sidecarlib import (
    Container,
    EnvVar,
    InvalidValueError,
    NativeSidecar,
    OtelSidecar,
    PodSpec,
    Probe,
    Volume,
    attach,
)


class Foreign:
    """A class of somebody else with the protocol; each member can be anything."""

    name = "own"

    def __init__(self, **members: Any) -> None:
        self.uses: Any = ()
        self.volumes: Any = ()
        self.files: Any = {}
        self.stops_within: Any = None
        self.offered: Any = ()
        self.mounted: Any = ()
        vars(self).update(members)

    def container(self) -> NativeSidecar:
        """The container."""
        return NativeSidecar(name="own", image="own:1", startup_probe=Probe.none(because="x"))

    def env(self) -> Any:
        """The variables of users."""
        return self.offered

    def mounts(self) -> Any:
        """The mounts of users."""
        return self.mounted


def app(**fields: Any) -> Container:
    """An application."""
    return Container(**{"name": "app", "image": "app:1", **fields})


def refused(*sidecars: Any, **fields: Any) -> str:
    """The text of the error that a Pod with these sidecars raises."""
    with pytest.raises(InvalidValueError) as raised:
        PodSpec(containers=[app(**fields)], sidecars=sidecars)
    return str(raised.value)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"uses": None}, "None is no list @ sidecar 'own', uses"),
        ({"uses": [5]}, "5 has no container name @ sidecar 'own', uses[0]"),
        ({"uses": "own"}, "'own' is no list @ sidecar 'own', uses"),
        ({"volumes": None}, "None is no list @ sidecar 'own', volumes"),
        ({"volumes": ["v"]}, "'v' is no Volume @ sidecar 'own', volumes[0]"),
        ({"files": ["/a/b"]}, "is no mapping @ sidecar 'own', files"),
        ({"files": None}, "is no mapping @ sidecar 'own', files"),
        ({"files": {"/a/b": 5}}, "5 is not text @ sidecar 'own', files['/a/b']"),
        ({"files": {5: "x"}}, "sidecar 'own', files"),
        ({"files": {"a/b": "x"}}, "'a/b' is no absolute path @ sidecar 'own', files"),
        ({"files": {"/a/b c": "x"}}, "'/a/b c' cannot be a mounted file @ sidecar 'own', files"),
        ({"files": {"/a": "x"}}, "'/a' cannot be a mounted file @ sidecar 'own', files"),
        ({"files": {"/a/../b/c": "x"}}, "'/a/../b/c' cannot be a mounted file @ sidecar 'own', files: write '/b/c'"),
        ({"stops_within": "a"}, "'a' is no number of seconds @ sidecar 'own', stops_within"),
        ({"stops_within": math.inf}, "inf is no number of seconds @ sidecar 'own', stops_within"),
        ({"stops_within": math.nan}, "nan is no number of seconds @ sidecar 'own', stops_within"),
        ({"stops_within": -5}, "-5 is no number of seconds @ sidecar 'own', stops_within"),
        ({"stops_within": True}, "True is no number of seconds @ sidecar 'own', stops_within"),
        ({"offered": None}, "None is no list @ sidecar 'own', env()"),
        ({"offered": {"A": "b"}}, "is no list @ sidecar 'own', env()"),
        ({"mounted": ["x"]}, "'x' is no VolumeMount @ sidecar 'own', mounts()[0]"),
        ({"rendered_paths": 5}, "5 is no list @ sidecar 'own', rendered_paths"),
        ({"rendered_paths": {5}}, "5 is not text @ sidecar 'own', rendered_paths[0]"),
        ({"container": None}, "its container is no method @ sidecars[0]"),
    ],
)
def test_a_member_of_another_kind_is_told_once(members: dict[str, Any], told: str) -> None:
    """Whether the sidecar is used or not, the text names it, and what is wrong in it."""
    for fields in ({}, {"uses": ["own"]}):
        text = refused(Foreign(**members), **fields)
        assert text.count(told) == 1


def test_everything_wrong_is_told_at_once() -> None:
    """One run is enough to find all."""
    text = refused(Foreign(uses=5, volumes=5, files=5, stops_within="5", offered=5, mounted=5))
    assert all(f"'own', {member}:" in text for member in ("uses", "volumes", "files", "stops_within", "env()"))


def test_a_class_is_no_sidecar() -> None:
    """Forgotten brackets are the likely reason."""
    assert refused(OtelSidecar) == "OtelSidecar is a class @ sidecars[0]: write OtelSidecar(…)"


def test_a_container_that_cannot_be_made_is_told_with_the_rest() -> None:
    """Its own problems stand beside those of others."""

    class Broken(Foreign):
        def container(self) -> NativeSidecar:
            return NativeSidecar(name="own", image="", startup_probe=Probe.none(because="x"))

    text = refused(Broken(), Foreign(uses=None))
    assert "'' is empty @ container 'own', image" in text
    assert "sidecar 'own', uses" in text


def test_an_offer_that_is_refused_matters_to_users_alone() -> None:
    """Whoever does not use the sidecar can do without."""

    class Silent(Foreign):
        def env(self) -> Any:
            return [EnvVar(name="=", value="x")]

    PodSpec(containers=[app()], sidecars=[Silent()])
    assert "invalid name '='" in refused(Silent(), uses=["own"])


def test_a_good_one_composes() -> None:
    """Lists, tuples and a generator's list are all fine."""
    own = Foreign(
        stops_within=2,
        offered=[EnvVar(name="A", value="b")],
        mounted=(Volume.empty_dir("v").provided_by("own").mount("/v"),),
        files={"/etc/own/a": "x"},
    )
    pod = PodSpec(containers=[app(uses=[own])], sidecars=[own]).render("web").template["spec"]
    assert pod["containers"][0]["env"] == [{"name": "A", "value": "b"}]
    assert pod["containers"][0]["volumeMounts"] == [{"name": "v", "mountPath": "/v"}]


def test_an_ambiguous_volume_is_told_once() -> None:
    """However often it is listed."""

    def provider(name: str) -> NativeSidecar:
        volume = Volume.empty_dir("x").provided_by(name)
        return NativeSidecar(
            name=name,
            image="a:1",
            startup_probe=Probe.none(because="x"),
            volumes=[volume],
            volume_mounts=[volume.mount("/x")],
        )

    assert refused(provider("a"), provider("b")).count("volume 'x' is ambiguous") == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"volumeMounts": None, "env": None}, None),
        ({"volumeMounts": 5, "env": "x"}, None),
        ({"volumeMounts": [{"name": "v"}], "env": [{"value": "x"}]}, "volumeMounts.0.mountPath"),
        ({"volumeMounts": [{"mountPath": "/w"}, None, "x"], "env": [None, 5]}, "volumeMounts.2.name"),
        ({"volumeMounts": [{"name": ["v"], "mountPath": {}}], "env": [{"name": ["A"]}]}, "volumeMounts.0.name"),
    ],
)
def test_an_existing_container_of_any_shape_is_no_crash(fields: dict[str, Any], told: str | None) -> None:
    """One without lists takes what it is offered; entries that lack their fields are told."""
    mount = Volume.empty_dir("v").provided_by("own").mount("/v")
    own = Foreign(offered=[EnvVar(name="A", value="b")], mounted=[mount])
    spec = {"containers": [{"name": "app", "image": "app:1", **fields}], "volumes": None}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}
    if told is not None:
        with pytest.raises(InvalidValueError, match=told):
            attach(pod, sidecars=[own], used_by=["app"])
        return
    container = attach(pod, sidecars=[own], used_by=["app"]).template["spec"]["containers"][0]
    assert container["env"] == [{"name": "A", "value": "b"}]
    assert container["volumeMounts"] == [{"name": "v", "mountPath": "/v"}]
