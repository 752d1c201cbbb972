"""What is certain to be refused by the API server is refused here, without one (`tests/cluster` asks a real one)."""

from __future__ import annotations

import pytest

from sidecarlib import SidecarlibError
from tests.cluster.refusals.case import Case
from tests.cluster.refusals.every import BOTH


@pytest.mark.parametrize("case", BOTH, ids=lambda case: case.name)
def test_it_is_refused_with_a_cure(case: Case) -> None:
    """Each is an error that says what it is, where it is, and what to write instead."""
    with pytest.raises(SidecarlibError) as refused:
        case.ours()
    for problem in refused.value.problems:
        assert problem.what
        assert problem.where
        assert problem.instead
