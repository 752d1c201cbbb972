"""Makes docs/examples/: a page for each example with its text, its Python and the YAML that it renders to."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.generated import MARK
from tools.repository import ROOT

INDEX = "docs/examples/README.md"


def pages() -> dict[str, str]:
    """Return the page of each example and their index. Reads dist/, so render first."""
    examples = [example for example in sorted(ROOT.glob("examples/[0-9]*/")) if example.is_dir()]
    if not examples:
        return {}
    titles = {example.name: docstring_of(source_of(example)).partition("\n")[0].rstrip(".") for example in examples}
    index = "\n".join(f"* [{title}]({name}.md)" for name, title in titles.items())
    return {f"docs/examples/{example.name}.md": page(example, titles[example.name]) for example in examples} | {
        INDEX: f"{mark_for('examples/')}\n\n# Examples\n\n{index}\n"
    }


def source_of(example: Path) -> Path:
    """Return the Python file of an example: its folder's name without the number, in snake_case."""
    return example / f"{example.name.partition('-')[2].replace('-', '_')}.py"


def docstring_of(source: Path) -> str:
    """Return the module docstring. Raises ValueError where there is none."""
    text = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))
    if not text:
        raise ValueError(f"no docstring @ {source.relative_to(ROOT)}: say in it what the example shows")
    return text


def page(example: Path, title: str) -> str:
    """Return the page of one example."""
    source = source_of(example)
    text = docstring_of(source).partition("\n")[2].strip()
    files = [file for file in sorted(ROOT.glob(f"dist/{example.name}*.k8s.yaml")) if renders(example.name, file)]
    parts = [mark_for(source.relative_to(ROOT).as_posix()), f"# {title}", text]
    parts += [block(source, "python"), *(block(file, "yaml") for file in files)]
    return "\n\n".join(part for part in parts if part) + "\n"


def renders(name: str, file: Path) -> bool:
    """Tell whether a file of dist/ is the example's: its name, or its name and a chart's."""
    chart = file.name.removesuffix(".k8s.yaml")
    return chart == name or chart.startswith(f"{name}-")


def block(file: Path, language: str) -> str:
    """Return a file as a fenced block under its path."""
    path = file.relative_to(ROOT).as_posix()
    return f"[`{path}`](../../{path})\n\n```{language}\n{file.read_text(encoding='utf-8').rstrip()}\n```"


def mark_for(source: str) -> str:
    """Return the first line of a generated page."""
    return f"<!-- {MARK} from {source}: change that. -->"
