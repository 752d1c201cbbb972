"""What sidecarlib refuses for a reason of the API, the API server refuses as well."""

from __future__ import annotations

import pytest

from sidecarlib import SidecarlibError
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.refusals import of_containers, of_pods, of_policy, of_probes, of_workloads
from tests.cluster.refusals.case import Case

BOTH = [case for each in (of_containers, of_probes, of_pods, of_workloads) for case in each.cases()]
POLICY = list(of_policy.cases())


@pytest.mark.parametrize("case", BOTH, ids=lambda case: case.name)
def test_refused_by_both(case: Case, shared_namespace: Namespace) -> None:
    """Sidecarlib refuses the value, and the API server the same thing in a manifest."""
    with pytest.raises(SidecarlibError):
        case.ours()
    verdict = shared_namespace.dry_run(case.theirs)
    assert not verdict.accepted


@pytest.mark.parametrize("case", POLICY, ids=lambda case: case.name)
def test_refused_by_policy(case: Case, shared_namespace: Namespace) -> None:
    """Sidecarlib refuses the value for a reason of its own; the API server takes the same thing."""
    with pytest.raises((SidecarlibError, TypeError)):
        case.ours()
    verdict = shared_namespace.dry_run(case.theirs)
    assert verdict.accepted, verdict
    assert case.because
