"""The GOOD and BAD manifests of all rules, and how they are judged."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import yaml

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.templates import pod_templates
from sidecarlib.model.kubernetes_version import KubernetesVersion
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Bad, Good, Rule


@dataclass(frozen=True, slots=True)
class Example:
    """A manifest of a rule's table; `str` is its name in pytest's output."""

    rule: Rule
    case: Good | Bad
    number: int

    def __str__(self) -> str:
        return f"{self.rule.id}-{type(self.case).__name__.lower()}-{self.number}"

    def document(self) -> object:
        """The manifest, read anew each time."""
        return yaml.safe_load(self.case.manifest)

    def pod(self, kubernetes: str | None = None) -> PodView:
        """The one Pod in it, for its own target version or for another."""
        (template,) = pod_templates(self.document())
        return template.view(KubernetesVersion.parse(kubernetes or self.case.kubernetes))


def bad_of(rule: Rule) -> tuple[Bad, ...]:
    """The BAD table of a rule's module."""
    table: tuple[Bad, ...] = importlib.import_module(rule.module).BAD
    return table


def good_of(rule: Rule) -> tuple[Good, ...]:
    """The GOOD table of a rule's module."""
    table: tuple[Good, ...] = importlib.import_module(rule.module).GOOD
    return table


BAD = [Example(rule, case, number) for rule in rules() for number, case in enumerate(bad_of(rule))]
GOOD = [Example(rule, case, number) for rule in rules() for number, case in enumerate(good_of(rule))]
