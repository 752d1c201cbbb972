"""All rules, found by walking the package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

import sidecarlib.rules as package
from sidecarlib.rules.frame.rule import Rule


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id."""
    names = sorted(module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    own_frame = __name__.rpartition(".")[0]
    modules = [importlib.import_module(name) for name in names if not name.startswith(own_frame)]
    found = [rule for module in modules if isinstance(rule := getattr(module, "RULE", None), Rule)]
    return tuple(sorted(found, key=lambda rule: rule.id))


def rule_ids() -> frozenset[str]:
    """The ids of all rules."""
    return frozenset(rule.id for rule in rules())
