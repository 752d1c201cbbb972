"""All cases."""

from __future__ import annotations

from tests.cluster.refusals import (
    of_containers,
    of_pods,
    of_policy,
    of_probes,
    of_settings,
    of_volumes,
    of_workloads,
)

BOTH = tuple(
    case for each in (of_containers, of_settings, of_probes, of_volumes, of_pods, of_workloads) for case in each.cases()
)
"""Refused by sidecarlib and by the API server."""
POLICY = tuple(of_policy.cases())
"""Refused by sidecarlib alone."""
