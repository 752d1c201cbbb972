"""What sidecarlib composes, the API server takes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import Phase, given, settings

from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects
from tests.strategies.catalogue import CATALOGUE
from tests.strategies.workloads import KINDS, Composition, compositions

EXAMPLES = 600
LEAST = 500
PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)  # a refusal says itself what is wrong


@pytest.mark.filterwarnings("ignore::sidecarlib.SidecarlibWarning")
def test_no_composition_is_refused(shared_namespace: Namespace) -> None:
    """Every one of at least 500 random workloads that sidecarlib accepts passes the API server's checks, every kind and product among them."""
    sent: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(compositions())
    def accepted(composition: Composition) -> None:
        made = objects(composition.kind, composition.name, composition.pod, **composition.options)
        refused = [str(verdict) for verdict in shared_namespace.dry_run_all(made) if not verdict.accepted]
        assert not refused
        sent["workloads"] += 1
        sent.update({composition.kind, *(type(sidecar).__name__ for sidecar in composition.pod.sidecars)})

    accepted()
    print(sent)  # noqa: T201 - how many of each were sent
    assert sent["workloads"] >= LEAST
    assert {"NativeSidecar", *KINDS, *CATALOGUE} <= set(sent)
