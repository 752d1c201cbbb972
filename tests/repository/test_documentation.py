"""What the pages say is what the code does: their Python runs, and what stands beside it comes out of it.

A page's Python blocks run in order, in one namespace. What may follow a Python block:

* `yaml`: an excerpt of what the page has rendered so far, with `app.synth()` or onto the variable `chart`. A line `# …` stands for
  lines left out; the whole excerpt may be indented less than the original. YAML from elsewhere is `yml`.
* `text`: what the block prints, and the error or the warnings of sidecarlib that it raises; complete.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import cdk8s
import pytest

from sidecarlib import Container, PodSpec, SidecarlibError, SidecarlibWarning
from sidecarlib.rules.frame.running import judge
from tests.rules.examples import Example
from tools.repository import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "# …"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(found[1], found[2], text.count("\n", 0, found.start()) + 1) for found in FENCE.finditer(text)]


def told_by(block: Block, page: Path, names: dict[str, Any]) -> str:
    """Runs a Python block and returns what it printed, and the error or the warnings that sidecarlib raised."""
    code = compile("\n" * block.line + block.text, page, "exec")
    told = []
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(io.StringIO()) as printed:
        warnings.simplefilter("error")
        warnings.simplefilter("always", SidecarlibWarning)
        try:
            exec(code, names)  # noqa: S102 - running what the pages say is what this is for
        except SidecarlibError as error:
            told.append(str(error))
    told += [str(each.message) for each in caught]
    return printed.getvalue() + "".join(f"{each}\n" for each in told)


def rendered(output: Path, names: Mapping[str, Any]) -> list[str]:
    """The lines of the YAML that a page's blocks have rendered so far, into a folder and onto `chart`."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(output.glob("*.yaml"))]
    if isinstance(chart := names.get("chart"), cdk8s.Chart):
        texts.append(cdk8s.Yaml.stringify(*chart.to_json()))
    return "\n".join(texts).splitlines()


def chunks(excerpt: str) -> Iterator[list[str]]:
    """The runs of lines of an excerpt between the marks for lines left out."""
    lines: list[str] = []
    for line in [*excerpt.splitlines(), LEFT_OUT]:
        if line.strip() != LEFT_OUT:
            lines.append(line)
        elif lines:
            yield lines
            lines = []


def lacking(excerpt: str, whole: list[str], indent: int) -> list[list[str]]:
    """The chunks of `excerpt`, indented by `indent` more, from the first on that `whole` does not have behind the one before."""
    at = 0
    left = list(chunks(excerpt))
    while left:
        wanted = [" " * indent + line if line else line for line in left[0]]
        places = (start for start in range(at, len(whole)) if whole[start : start + len(wanted)] == wanted)
        if (place := next(places, None)) is None:
            return left
        at = place + len(left.pop(0))
    return []


@each_page
def test_python_runs_and_renders_what_stands_beside_it(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every Python block of a page runs; the YAML behind it is part of what it renders, the text is what it tells."""
    # Node keeps the folder it was started in: without `outdir` it would write into the repository's own dist/.
    monkeypatch.setattr(cdk8s, "App", partial(cdk8s.App, outdir=str(tmp_path)))
    module = ModuleType(f"page_{page.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    told = ""
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        if block.language == "python":
            assert not told, f"{where}: the block before tells something that the page does not show:\n{told}"
            told = told_by(block, page, vars(module))
        elif block.language == "text":
            assert block.text == told, where
            told = ""
        elif block.language == "yaml":
            whole = rendered(tmp_path, vars(module))
            left = min((lacking(block.text, whole, indent) for indent in range(0, 20, 2)), key=len)
            assert not left, f"{where} shows what is not rendered there:\n" + "\n".join(left[0])
    assert not told, f"{page.name}: the last block tells something that the page does not show:\n{told}"


def test_recipes_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sidecar in CONTRIBUTING composes, and the rule there finds what its tables say."""
    page = ROOT / "CONTRIBUTING.md"
    module = ModuleType("recipes")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    names = vars(module)
    for block in blocks(page):
        if block.language == "python":
            assert told_by(block, page, names) == ""
    sidecar, rule = names["LanternSidecar"](), names["RULE"]
    pod = PodSpec(containers=[Container(name="app", image="myapp:1.0", uses=[sidecar])], sidecars=[sidecar])
    spec = pod.render("web").template["spec"]
    assert spec["initContainers"][0]["restartPolicy"] == "Always"
    assert spec["containers"][0]["env"] == [{"name": "LANTERN_ADDRESS", "value": "127.0.0.1:6400"}]
    for case in (*names["BAD"], *names["GOOD"]):
        found = [finding.pointer for finding in judge(Example(rule, case, 0).pod(), among=[rule])]
        assert found == ([case.at] if case in names["BAD"] else [])


def test_an_excerpt_is_compared_line_by_line() -> None:
    """An excerpt passes with lines left out where it says so and with less indentation, not with a line changed or moved."""
    whole = ["a:", "  b: 1", "  c: 2", "  d: 3"]
    assert not lacking("b: 1\n# …\nd: 3\n", whole, 2)
    assert not lacking("a:\n  b: 1\n", whole, 0)
    assert lacking("b: 1\nd: 3\n", whole, 2) == [["b: 1", "d: 3"]]
    assert lacking("d: 3\n# …\nb: 1\n", whole, 2) == [["b: 1"]]
    assert lacking("b: 2\n# …\nc: 2\n", whole, 2) == [["b: 2"], ["c: 2"]]


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file of the repository, and to a heading of it where it names one."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if heading:
            assert heading in headings(file), f"{page.name}: {target}"


def headings(file: Path) -> set[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", FENCE.sub("", file.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
