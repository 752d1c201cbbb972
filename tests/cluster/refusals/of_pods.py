"""Mounts and fields of Pods that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sidecarlib import Container, NativeSidecar, PodSecurityContext, PodSpec, Probe, Volume
from tests.cluster.refusals.case import (
    IMAGE,
    Case,
    main,
    pod,
    raw_container,
    raw_main,
    raw_mounts,
    raw_pod,
    raw_workload,
)

DIRECTORY = Volume.empty_dir("v")


def cases() -> Iterator[Case]:
    """Mounts, clashes, and what else a Pod has."""
    yield from _mounts()
    yield from _clashes()
    yield from _fields()


def _mounts() -> Iterator[Case]:
    for field, key, value in (
        ("path", "mountPath", ""),
        ("sub_path", "subPath", "/absolute"),
        ("sub_path", "subPath", "a/../b"),
        ("sub_path_expr", "subPathExpr", "/absolute"),
        ("mount_propagation", "mountPropagation", "Sideways"),
    ):
        whole = {"name": "v", "mountPath": "/v", key: value}
        yield Case(
            name=f"{field} {value!r} of a mount",
            ours=lambda field=field, value=value: DIRECTORY.mount(**{"path": "/v", field: value}),  # type: ignore[misc]
            theirs=raw_mounts(whole),
        )
    yield Case(
        name="two sub paths",
        ours=lambda: DIRECTORY.mount("/v", sub_path="a", sub_path_expr="b"),
        theirs=raw_mounts({"name": "v", "mountPath": "/v", "subPath": "a", "subPathExpr": "b"}),
    )
    yield Case(
        name="one mount path twice",
        ours=main(volume_mounts=[DIRECTORY.mount("/v"), DIRECTORY.mount("/v", read_only=True)]),
        theirs=raw_mounts({"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v", "readOnly": True}),
    )
    yield Case(
        name="mount of a volume that is not there",
        ours=lambda: main(volume_mounts=[Volume(name="v").mount("/v")])().render("web"),
        theirs=raw_main(volumeMounts=[{"name": "v", "mountPath": "/v"}]),
    )


def _clashes() -> Iterator[Case]:
    names = ("main", "main")
    yield Case(
        name="one container name twice",
        ours=lambda: PodSpec(containers=[Container(name=name, image=IMAGE) for name in names]),
        theirs=raw_pod(containers=[raw_container(name) for name in names]),
    )
    yield Case(
        name="a sidecar named as a container",
        ours=pod(sidecars=[NativeSidecar(name="main", image=IMAGE, startup_probe=Probe.exec(["true"]))]),
        theirs=raw_pod(initContainers=[raw_container(restartPolicy="Always")]),
    )
    yield Case(
        name="one volume name twice",
        ours=pod(volumes=[DIRECTORY, Volume.empty_dir("v", medium="Memory")]),
        theirs=raw_pod(volumes=[{"name": "v", "emptyDir": {}}, {"name": "v", "emptyDir": {"medium": "Memory"}}]),
    )
    yield Case(name="no container", ours=pod(containers=[]), theirs=raw_pod(containers=[]))


def _fields() -> Iterator[Case]:
    for labels in (
        {"a b": "c"},
        {"-a": "c"},
        {"a": "b c"},
        {"a": "b" * 64},
        {"a" * 64: "b"},
        {"UP.com/a": "b"},
        {"/a": "b"},
    ):
        whole = raw_pod()
        whole["metadata"]["labels"] = labels
        yield Case(name=f"labels {labels}", ours=pod(labels=labels), theirs=whole)
        yield Case(name=f"node selector {labels}", ours=pod(node_selector=labels), theirs=raw_pod(nodeSelector=labels))
    whole = raw_pod()
    whole["metadata"]["annotations"] = {"a b": "c"}
    yield Case(name="annotation's key", ours=pod(annotations={"a b": "c"}), theirs=whole)
    table: tuple[tuple[str, str, Any], ...] = (
        ("dns_policy", "dnsPolicy", "Mine"),
        ("active_deadline_seconds", "activeDeadlineSeconds", 0),
        ("active_deadline_seconds", "activeDeadlineSeconds", -1),
        ("active_deadline_seconds", "activeDeadlineSeconds", 2**31),
        ("host_network", "hostNetwork", "yes"),
        ("termination_grace_period_seconds", "terminationGracePeriodSeconds", "30s"),
    )
    names = {
        "service_account_name": "serviceAccountName",
        "priority_class_name": "priorityClassName",
        "runtime_class_name": "runtimeClassName",
    }
    for field, key in names.items():
        template = {**raw_pod()["spec"], key: "A_B"}
        yield Case(name=field, ours=pod(**{field: "A_B"}), theirs=raw_workload("Deployment", template=template))
    yield Case(name="no name server", ours=pod(dns_policy="None"), theirs=raw_pod(dnsPolicy="None"))
    for field, key, value in table:
        yield Case(name=f"{field} {value!r}", ours=pod(**{field: value}), theirs=raw_pod(**{key: value}))
    security: tuple[tuple[str, str, Any], ...] = (
        ("run_as_user", "runAsUser", -1),
        ("run_as_group", "runAsGroup", 2**31),
        ("fs_group", "fsGroup", -1),
        ("fs_group_change_policy", "fsGroupChangePolicy", "Sometimes"),
        ("supplemental_groups", "supplementalGroups", [-1]),
    )
    for field, key, value in security:
        yield Case(
            name=f"{field} {value!r} of a Pod",
            ours=_security(field, value),
            theirs=raw_pod(securityContext={key: value}),
        )


def _security(field: str, value: Any) -> Callable[[], PodSecurityContext]:
    return lambda: PodSecurityContext(**{field: value})
