"""The pages of the rules."""

from __future__ import annotations

from sidecarlib.rules.frame.registry import rule_ids, rules
from tools.generate_rule_pages import FOLDER, page, pages


def test_every_rule_has_a_page_and_a_row() -> None:
    """And there is no page without a rule."""
    made = pages()
    assert set(made) == {f"{FOLDER}/{rule}.md" for rule in rule_ids()} | {f"{FOLDER}/README.md"}
    index = made[f"{FOLDER}/README.md"]
    assert all(index.count(f"({rule}.md)") == 1 for rule in rule_ids())


def test_a_page_says_all_that_the_rules_file_says() -> None:
    """What it finds and why, when it is fine, a manifest of each kind, and where that stands in the first."""
    (rule,) = [rule for rule in rules() if rule.id == "unknown-named-probe-port"]
    text = page(rule)
    sections = [line for line in text.splitlines() if line.startswith("## ")]
    assert sections == [
        "## What it does",
        "## Why it matters",
        "## When it is fine",
        "## Found",
        "## Not found",
        "## References",
    ]
    assert "| error | certain | all versions | the Pod alone |" in text
    assert "At `/spec/initContainers/0/startupProbe/httpGet/port`:\n\n```yaml\napiVersion: v1" in text


def test_versions_and_needs_stand_in_the_table() -> None:
    """As the rule declares them."""
    (rule,) = [rule for rule in rules() if rule.id == "never-ending-job"]
    assert "| error | certain | all versions | the workload's kind |" in page(rule)
