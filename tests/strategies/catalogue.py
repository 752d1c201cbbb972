"""The products of the catalogue, with any of their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.strategies.containers import Surroundings

CATALOGUE: dict[str, Callable[[Surroundings], st.SearchStrategy[Any]]] = {}
