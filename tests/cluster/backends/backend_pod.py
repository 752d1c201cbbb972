"""What every backend is: a Pod that one can reach at its IP (no Service or DNS is needed), and nobody waits for when it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.cluster.kubernetes.conditions import condition
from tests.cluster.kubernetes.namespace import Namespace


def start_backend(namespace: Namespace, name: str, *, user: int, **container: Any) -> str:
    """Starts one container as a Pod and returns its IP once it is ready."""
    namespace.create_object(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "labels": {"app": name}},
            "spec": {
                "terminationGracePeriodSeconds": 1,
                "automountServiceAccountToken": False,
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": user,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [
                    {"name": name, "imagePullPolicy": "IfNotPresent", "securityContext": CONFINED, **container}
                ],
            },
        }
    )
    pod = namespace.wait(f"pod/{name}", condition("Ready"), within=60)
    return str(pod["status"]["podIP"])


CONFINED: Mapping[str, Any] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
