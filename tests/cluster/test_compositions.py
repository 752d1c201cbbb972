"""What sidecarlib composes, the API server takes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import cdk8s
import pytest
from hypothesis import given, settings

import sidecarlib
from tests.cluster.kubernetes.namespace import Namespace
from tests.strategies.catalogue import CATALOGUE
from tests.strategies.workloads import KINDS, Composition, compositions

EXAMPLES = 600
LEAST = 500


@pytest.mark.filterwarnings("ignore::sidecarlib.SidecarlibWarning")
def test_no_composition_is_refused(shared_namespace: Namespace) -> None:
    """Every one of at least 500 random workloads that sidecarlib accepts passes the API server's validation, all kinds and products among them."""
    sent: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(compositions())
    def accepted(composition: Composition) -> None:
        verdicts = shared_namespace.dry_run_all(synthesised(composition))
        assert [str(verdict) for verdict in verdicts if not verdict.accepted] == []
        sent["workloads"] += 1
        sent.update({composition.kind, *(type(sidecar).__name__ for sidecar in composition.pod.sidecars)})

    accepted()
    assert sent["workloads"] >= LEAST
    assert {"NativeSidecar", *KINDS, *CATALOGUE} <= set(sent)


def synthesised(composition: Composition) -> list[dict[str, Any]]:
    """The objects that cdk8s prints for it."""
    chart = cdk8s.Testing.chart()
    construct = getattr(sidecarlib, composition.kind)
    construct(chart, "random", name=composition.name, pod=composition.pod, **composition.options)
    return list(cdk8s.Testing.synth(chart))
