"""What sidecarlib refuses for a reason of the API, the API server refuses as well."""

from __future__ import annotations

import pytest

from sidecarlib import SidecarlibError
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.refusals.case import Case
from tests.cluster.refusals.every import BOTH, POLICY


@pytest.mark.parametrize("case", BOTH, ids=lambda case: case.name)
def test_refused_by_both(case: Case, shared_namespace: Namespace) -> None:
    """The library refuses the value, and the API server the same thing in a manifest."""
    with pytest.raises(SidecarlibError):
        case.ours()
    verdict = shared_namespace.dry_run(case.theirs)
    assert not verdict.accepted


@pytest.mark.parametrize("case", POLICY, ids=lambda case: case.name)
def test_refused_by_policy(case: Case, shared_namespace: Namespace) -> None:
    """The library refuses the value for a reason of its own; the API server takes the same thing."""
    with pytest.raises((SidecarlibError, TypeError)):
        case.ours()
    verdict = shared_namespace.dry_run(case.theirs)
    assert verdict.accepted, verdict
    assert case.because
