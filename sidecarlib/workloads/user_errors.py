"""Errors of a workload at the line of its user."""

from __future__ import annotations

from typing import Any

from jsii import JSIIMeta

from sidecarlib.errors import SidecarlibError


class RaisesAtTheUsersLine(JSIIMeta):
    """Takes jsii's own frames out of the traceback of a `SidecarlibError`, so that it ends at the line that made the workload."""

    def __call__(self, *arguments: Any, **fields: Any) -> Any:
        """Makes the object."""
        try:
            return super().__call__(*arguments, **fields)
        except SidecarlibError as error:
            raise error.with_traceback(None) from None
