"""Makes docs/rules/: a page for each rule with its text and its examples, and their index."""

from __future__ import annotations

import importlib
import inspect
import re
from itertools import groupby
from types import ModuleType

from sidecarlib.rules.frame.acknowledgement import PREFIX
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from tools.generated import MARK

FOLDER = "docs/rules"
ABOUT = f"""An error is refused by the API server, or accepted and then stuck; a warning is likely to go wrong, and says when. One that is
fine is accepted with its reason: `acknowledge={{"rule-id": "because …"}}` in Python, the annotation `{PREFIX}rule-id` with
the reason in a manifest.""".replace("\n", " ")
_SECTION = re.compile(r"^(\S[^\n]*):\n(?=[ \t]+\S)", re.MULTILINE)


def pages() -> dict[str, str]:
    """Return the page of each rule and their index."""
    found = {f"{FOLDER}/{rule.id}.md": page(rule) for rule in rules()}
    return found | ({f"{FOLDER}/README.md": index(rules())} if found else {})


def page(rule: Rule) -> str:
    """Return the page of one rule: what is wrong, why, and one manifest of each kind."""
    module = importlib.import_module(rule.module)
    title, sections = sections_of(module)
    parts = [mark_for(rule.module), f"# {rule.id}", title, facts_of(rule)]
    texts = [f"## {name}\n\n{text}" for name, text in sections.items()]
    references = [text for text in texts if text.startswith("## References")]
    parts += [text for text in texts if text not in references]
    parts += [example(case) for cases in (module.BAD, module.GOOD) for case in cases[:1]]
    return "\n\n".join(parts + references) + "\n"


def sections_of(module: ModuleType) -> tuple[str, dict[str, str]]:
    """Return the title and the sections of a rule's docstring. Raises ValueError where there is none."""
    text = inspect.getdoc(module)
    if not text:
        raise ValueError(f"no docstring @ {module.__name__}: say in it what is wrong")
    title, _, rest = text.partition("\n")
    pieces = _SECTION.split(rest)
    return title, {name: unfolded(body) for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def unfolded(body: str) -> str:
    """Return an indented text with one line for each paragraph."""
    paragraphs = inspect.cleandoc(f"\n{body}").split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def facts_of(rule: Rule) -> str:
    """Return how bad it is, how sure, and when the rule can judge, as a table."""
    known = [
        word
        for word, needed in (("the workload's kind", rule.needs_kind), ("the target version", rule.needs_version))
        if needed
    ]
    return "\n".join(
        [
            "| Severity | Confidence | Kubernetes | Needs to know |",
            "|---|---|---|---|",
            f"| {rule.severity.value} | {rule.confidence.value} | {versions_of(rule)} | {' and '.join(known) or 'the Pod alone'} |",
        ]
    )


def versions_of(rule: Rule) -> str:
    """Return the affected versions."""
    if rule.since is None and rule.until is None:
        return "all versions"
    first = "" if rule.since is None else f"from {rule.since}"
    last = "" if rule.until is None else f"up to {rule.until}"
    return f"{first} {last}".strip()


def example(case: Good | Bad) -> str:
    """Return a manifest with what the rule says to it."""
    told = f"## Found\n\nAt `{case.at}`:" if isinstance(case, Bad) else "## Not found"
    return f"{told}\n\n```yaml\n{case.manifest.strip()}\n```"


def index(all_rules: tuple[Rule, ...]) -> str:
    """Return the table of all rules, one for each area."""
    parts = [f"<!-- {MARK} from sidecarlib/rules/: change that. -->", "# Rules", ABOUT]
    for area, members in groupby(sorted(all_rules, key=lambda rule: (rule.module, rule.id)), key=area_of):
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.severity.value} | {rule.confidence.value} | {versions_of(rule)} | {title} |"
            for rule in members
            for title in [sections_of(importlib.import_module(rule.module))[0]]
        ]
        charter = inspect.getdoc(importlib.import_module(area)) or ""
        head = "| Rule | Severity | Confidence | Kubernetes | What is wrong |\n|---|---|---|---|---|"
        parts += [f"## {area.rpartition('.')[2]}", unfolded(charter), "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def area_of(rule: Rule) -> str:
    """Return the package that a rule's file is in."""
    return rule.module.rpartition(".")[0]


def mark_for(module: str) -> str:
    """Return the first line of a generated page."""
    return f"<!-- {MARK} from {module.replace('.', '/')}.py: change that. -->"
