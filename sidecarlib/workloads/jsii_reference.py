"""The identity of a construct."""

from __future__ import annotations

from constructs import IConstruct


def reference_of(construct: IConstruct) -> str:
    """Jsii's own reference of a construct: Python may see one construct through several objects (`Testing.app()`)."""
    return str(construct.__jsii_ref__.ref)  # type: ignore[attr-defined]
