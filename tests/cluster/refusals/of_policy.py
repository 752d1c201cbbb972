"""What sidecarlib refuses although the API server takes it, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib import EnvVar, Hook, NativeSidecar, Probe, Resources, SecurityContext, Volume
from sidecarlib.model.volume import VolumeMount
from tests.cluster.refusals.case import (
    IMAGE,
    Case,
    init,
    main,
    pod,
    raw_init,
    raw_main,
    raw_mounts,
    raw_pod,
    raw_sidecar,
    raw_volume,
    sidecar,
)

EXEC = {"exec": {"command": ["true"]}}
STUCK = "accepted, and the Pod never gets further"


def cases() -> Iterator[Case]:
    """Values, then what a whole Pod is refused for."""
    yield from _values()
    yield from _volumes()
    yield from _pods()


def _values() -> Iterator[Case]:
    yield Case(
        name="image in upper case",
        ours=main(image="Busybox:1.36"),
        theirs=raw_main(image="Busybox:1.36"),
        because=f"the kubelet says InvalidImageName: {STUCK}",
    )
    yield Case(
        name="one variable twice",
        ours=main(env=[EnvVar(name="A", value=value) for value in ("a", "b")]),
        theirs=raw_main(env=[{"name": "A", "value": value} for value in ("a", "b")]),
        because="only the last one counts, and server-side apply refuses the second",
    )
    yield Case(
        name="probe each 0 s",
        ours=lambda: Probe(handler=EXEC, period_seconds=0),
        theirs=raw_sidecar(startupProbe={**EXEC, "periodSeconds": 0}),
        because="0 stands for the default of 10",
    )
    yield Case(
        name="relative path of a probe",
        ours=lambda: Probe.http("ready", port=8080),
        theirs=raw_sidecar(startupProbe={"httpGet": {"path": "ready", "port": 8080}}),
        because="the kubelet adds the slash, nobody else would",
    )
    yield Case(
        name="empty path of a probe",
        ours=lambda: Probe.http("", port=8080),
        theirs=raw_sidecar(startupProbe={"httpGet": {"path": "", "port": 8080}}),
        because="the API server makes a slash of it",
    )
    yield Case(
        name="tcp hook",
        ours=main(extra={"lifecycle": {"postStart": {"tcpSocket": {"port": 80}}}}),
        theirs=raw_main(lifecycle={"postStart": {"tcpSocket": {"port": 80}}}),
        because="accepted, and fails every time",
    )
    yield Case(
        name="hook at a relative path",
        ours=lambda: Hook.http("stop", port=80),
        theirs=raw_main(lifecycle={"preStop": {"httpGet": {"path": "stop", "port": 80}}}),
        because="as with a probe",
    )
    yield Case(
        name="root that must not be root",
        ours=lambda: SecurityContext(run_as_user=0, run_as_non_root=True),
        theirs=raw_main(securityContext={"runAsUser": 0, "runAsNonRoot": True}),
        because=f"CreateContainerConfigError: {STUCK}",
    )
    yield Case(
        name="amount with a blank",
        ours=lambda: Resources(limits={"memory": "1 "}),
        theirs=raw_main(resources={"limits": {"memory": "1 "}}),
        because="the API server cuts it off, the manifest then differs from what is stored",
    )


def _volumes() -> Iterator[Case]:
    directory = Volume.empty_dir("v")
    yield Case(
        name="relative mount path",
        ours=lambda: directory.mount("v"),
        theirs=raw_mounts({"name": "v", "mountPath": "v"}),
        because="relative to what depends on the container runtime",
    )
    objects = {
        "config_map": ("config_map", "configMap", "name"),
        "secret": ("secret", "secret", "secretName"),
        "persistent_volume_claim": ("claim_name", "persistentVolumeClaim", "claimName"),
    }
    for kind, (ours, source, theirs) in objects.items():
        yield Case(
            name=f"name of a {kind}",
            ours=lambda kind=kind, ours=ours: getattr(Volume, kind)("v", **{ours: "A_B"}),  # type: ignore[misc]
            theirs=raw_volume(**{source: {theirs: "A_B"}}),
            because=f"no such object can exist: {STUCK}",
        )
    yield Case(
        name="unknown medium",
        ours=lambda: Volume.empty_dir("v", medium="Disk"),
        theirs=raw_volume(emptyDir={"medium": "Disk"}),
        because=f"the kubelet knows no such medium: {STUCK}",
    )
    yield Case(
        name="relative path of the node",
        ours=lambda: Volume.host_path("v", path="var/log"),
        theirs=raw_volume(hostPath={"path": "var/log"}),
        because="relative to what depends on the container runtime",
    )
    yield Case(
        name="mount of a volume that is none",
        ours=lambda: VolumeMount(volume="v", mount_path="/v"),  # type: ignore[arg-type]
        theirs=raw_mounts({"name": "v", "mountPath": "/v"}),
        because="a mount brings its volume to the Pod",
    )


def _pods() -> Iterator[Case]:
    yield Case(
        name="sidecar without a gate",
        ours=lambda: NativeSidecar(name="sidecar", image=IMAGE),  # type: ignore[call-arg]
        theirs=raw_sidecar(),
        because="what comes next would not wait for it",
    )
    yield Case(
        name="negative grace period",
        ours=pod(termination_grace_period_seconds=-1),
        theirs=raw_pod(terminationGracePeriodSeconds=-1),
        because="the API server makes 1 of it",
    )
    yield Case(
        name="unknown named port of a probe",
        ours=sidecar(startup_probe=Probe.tcp(port="nowhere")),
        theirs=raw_sidecar(startupProbe={"tcpSocket": {"port": "nowhere"}}),
        because=f"errors of probes are not counted: {STUCK}",
    )
    endless = ["sh", "-c", "while true; do sleep 1; done"]
    yield Case(
        name="init container that never ends",
        ours=init(command=endless),
        theirs=raw_init(command=endless),
        because=STUCK,
    )
