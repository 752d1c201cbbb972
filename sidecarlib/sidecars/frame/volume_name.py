"""Names of the volumes that belong to one sidecar."""

from __future__ import annotations

from sidecarlib.model.names import LABEL_LENGTH


def volume_name(sidecar: str, purpose: str) -> str:
    """`<sidecar>-<purpose>`, cut to what a volume's name may have: two sidecars of one product in a Pod keep theirs apart."""
    return f"{sidecar[: LABEL_LENGTH - len(purpose) - 1]}-{purpose}"
