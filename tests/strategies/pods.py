"""Whole Pods: any mix of the catalogue and of sidecars, init containers and volumes of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from sidecarlib import PodSecurityContext, PodSpec, Sidecar, Volume
from tests.strategies.catalogue import CATALOGUE
from tests.strategies.containers import Surroundings, init_containers, main_containers, native_sidecars
from tests.strategies.volumes import volumes
from tests.strategies.words import annotation_mappings, distinct_labels, label_mappings, labels, some_of

FIRST_PORT = 20000
"""Above the ports of every product, so that no clash hides what else a composition does."""

SECURITY = st.builds(
    PodSecurityContext,
    fs_group=st.integers(0, 70000),
    run_as_user=st.none() | st.integers(0, 70000),
    fs_group_change_policy=st.sampled_from([None, "OnRootMismatch", "Always"]),
    supplemental_groups=st.lists(st.integers(0, 70000), max_size=2),
    seccomp_profile=st.sampled_from([{}, {"type": "RuntimeDefault"}]),
    extra=st.sampled_from([{}, {"sysctls": [{"name": "kernel.shm_rmid_forced", "value": "0"}]}]),
)
ANTI_AFFINITY = {
    "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
            {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "web"}}}
        ]
    }
}
SPREAD = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
POD_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "labels": label_mappings(),
    "annotations": annotation_mappings(),
    "service_account_name": st.just("default"),
    "automount_service_account_token": st.booleans(),
    "security_context": SECURITY,
    "image_pull_secrets": st.lists(labels(), max_size=2),
    "node_selector": label_mappings(),
    "affinity": st.just(ANTI_AFFINITY),
    "tolerations": st.lists(
        st.sampled_from([{"operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"}])
    ),
    "topology_spread_constraints": st.just([SPREAD]),
    "priority_class_name": st.sampled_from(["system-node-critical", "system-cluster-critical"]),
    "scheduler_name": st.just("my-scheduler"),
    "share_process_namespace": st.booleans(),
    "enable_service_links": st.booleans(),
    "dns_policy": st.sampled_from(["ClusterFirst", "ClusterFirstWithHostNet", "Default"]),
    "dns_config": st.just({"nameservers": ["1.1.1.1"], "options": [{"name": "ndots", "value": "2"}]}),
    "host_network": st.booleans(),
    "host_aliases": st.just([{"ip": "10.0.0.1", "hostnames": ["database.example.com"]}]),
    "extra": st.sampled_from(
        [{"hostname": "web", "subdomain": "shop"}, {"os": {"name": "linux"}}, {"setHostnameAsFQDN": False}]
    ),
}


@st.composite
def pod_specs(draw: st.DrawFn, claims: Sequence[Volume] = ()) -> PodSpec:
    """A Pod that has no reason to be refused: whoever uses something uses what comes earlier in an order that nobody sees.

    The lists themselves are written in any order. `claims` are volumes that the workload brings. Left out are clashes of names, ports, paths and variables, and what needs
    an object that a cluster has to have (a runtime class, a service account of one's own).
    """
    products = draw(st.lists(st.sampled_from(sorted(CATALOGUE)), unique=True, max_size=3))
    sidecars, inits, mains = (draw(st.integers(low, most)) for low, most in ((0, 3), (0, 2), (1, 2)))
    steps = draw(st.permutations([*products, *["sidecar"] * sidecars, *["init"] * inits]))
    names = draw(distinct_labels(len(steps) + mains + 4))
    shared = [*claims, *(draw(volumes(name)) for name in names[-4 : -4 + draw(st.integers(0, 4))])]
    pod = _Growing(draw, shared)
    for name, step in zip(names, steps, strict=False):
        pod.add(step, name)
    fields = draw(some_of(POD_FIELDS))
    return PodSpec(
        containers=[
            draw(main_containers(pod.around(name, sidecars_only=True))) for name in names[len(steps) :][:mains]
        ],
        sidecars=draw(st.permutations(pod.sidecars)),
        init_containers=pod.inits,
        volumes=draw(st.lists(st.sampled_from(shared), unique=True)) if shared else [],
        termination_grace_period_seconds=draw(st.none() | st.integers(1, 600)),
        **fields,
    )


class _Growing:
    """The sidecars and init containers drawn so far."""

    def __init__(self, draw: st.DrawFn, shared: list[Volume]) -> None:
        self.draw, self.shared = draw, shared
        self.sidecars: list[Sidecar] = []
        self.inits: list[Any] = []
        self.seen: list[str] = []
        self.port = FIRST_PORT

    def add(self, step: str, name: str) -> None:
        """One more: a product of the catalogue, a sidecar of one's own, or an init container."""
        around = self.around(name)
        if step == "init":
            self.inits.append(self.draw(init_containers(around)))
        else:
            make: Callable[..., st.SearchStrategy[Any]] = CATALOGUE.get(step, native_sidecars)
            self.sidecars.append(self.draw(make(around)))
        self.seen.append(name)

    def around(self, name: str, *, sidecars_only: bool = False) -> Surroundings:
        """What a container of this name meets: two ports of its own, and everything drawn before it."""
        self.port += 2
        here = Surroundings(
            name=name,
            ports=range(self.port - 2, self.port - 2 + self.draw(st.integers(0, 2))),
            volumes=self.shared,
            sidecars=self.sidecars,
            before=self.seen,
        )
        return replace(here, before=[]) if sidecars_only else here
