"""What sidecarlib composes, the API server takes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from sidecarlib import ALL_MAINS, InvalidValueError, PodSpec, attach
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects
from tests.strategies.catalogue import CATALOGUE
from tests.strategies.pods import pod_specs
from tests.strategies.workloads import KINDS, NEWEST, Composition, compositions

EXAMPLES = 600
LEAST = 500
EXAMPLES_OF_ATTACH = 150
LEAST_OF_ATTACH = 100
PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)  # a refusal says itself what is wrong


@pytest.mark.filterwarnings("ignore::sidecarlib.SidecarlibWarning")
def test_no_composition_is_refused(shared_namespace: Namespace) -> None:
    """Every one of at least 500 random workloads that sidecarlib accepts passes the API server's checks, every kind and product among them."""
    sent: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(compositions())
    def accepted(composition: Composition) -> None:
        try:
            made = objects(composition.kind, composition.name, composition.pod, **composition.options)
        except InvalidValueError:
            reject()  # a text, for instance, that YAML would not keep
        refused = [str(verdict) for verdict in shared_namespace.dry_run_all(made) if not verdict.accepted]
        assert not refused
        sent["workloads"] += 1
        sent.update({composition.kind, *(type(sidecar).__name__ for sidecar in composition.pod.sidecars)})

    accepted()
    print(sent)  # noqa: T201 - how many of each were sent
    assert sent["workloads"] >= LEAST
    assert {"NativeSidecar", *KINDS, *CATALOGUE} <= set(sent)


@pytest.mark.filterwarnings("ignore::sidecarlib.SidecarlibWarning")
def test_nothing_that_is_attached_to_is_refused(shared_namespace: Namespace) -> None:
    """The API server takes at least 100 random workloads to whose manifests random sidecars and init containers were attached."""
    sent: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES_OF_ATTACH, phases=PHASES)
    @given(compositions(), pod_specs(), st.sampled_from([None, ALL_MAINS]))
    def accepted(composition: Composition, more: PodSpec, used_by: Any) -> None:
        try:
            *_, target = objects(composition.kind, composition.name, composition.pod, **composition.options)
            attached = attach(
                target,
                sidecars=more.sidecars,
                init_containers=more.init_containers,
                used_by=used_by,
                kubernetes=NEWEST,
            )
        except InvalidValueError:
            reject()  # two Pods that know nothing of each other may well clash
        assert attached.manifest is not None
        verdicts = shared_namespace.dry_run_all([*attached.config_maps, attached.manifest])
        refused = [str(verdict) for verdict in verdicts if not verdict.accepted]
        assert not refused
        sent.update(["workloads", *(type(sidecar).__name__ for sidecar in more.sidecars)])

    accepted()
    print(sent)  # noqa: T201
    assert sent["workloads"] >= LEAST_OF_ATTACH
    assert {"NativeSidecar", *CATALOGUE} <= set(sent)
