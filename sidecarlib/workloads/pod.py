"""A single Pod."""

from __future__ import annotations

from typing import Unpack

from constructs import Construct

from sidecarlib.composition.pod_spec import PodSpec
from sidecarlib.workloads.workload_object import WorkloadFields, WorkloadObject

__all__ = ["Pod"]


class Pod(WorkloadObject):
    """A Pod of its own; what is changed in one later needs a new Pod, as the API server refuses most changes.

    `restart_policy` is Never (the default here), OnFailure or Always. Raises `InvalidValueError`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pod: PodSpec,
        restart_policy: str = "Never",
        generate_name: str | None = None,
        **fields: Unpack[WorkloadFields],
    ) -> None:
        super().__init__(
            scope,
            id,
            api_version="v1",
            kind="Pod",
            pod=pod,
            restart_policy=restart_policy,
            generate_name=generate_name,
            **fields,
        )
