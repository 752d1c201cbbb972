"""The repository's own checks find what they are there to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_sizes import too_long
from tools.check_text import findings
from tools.generated import MARK, outdated_pages, stale_pages, write


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        '"resolved": "https://registry.' + "npmjs" + '.org/yaml"',
        "open('/" + "root/.kube/config')",
        "cd /" + "work && make",
    ],
)
def test_what_belongs_to_one_machine_is_found(text: str) -> None:
    """A registry's host and a path of one machine are found, on their line."""
    assert [number for number, _, _ in findings(f"first line\n{text}\n")] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "name: /workspace",
        "https://example.com/work/root",
        "mount: ./work",
        "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    """Relative paths, addresses, similar words and images of container registries are fine."""
    assert not list(findings(text))


def test_a_long_file_is_found(tmp_path: Path) -> None:
    """A Python file over the limit is found with its length; one at the limit, or of another kind, is fine."""
    for name, lines in {"long.py": 6, "short.py": 5, "long.md": 6}.items():
        (tmp_path / name).write_text("x = 1\n" * lines, encoding="utf-8")
    assert too_long(sorted(tmp_path.iterdir()), limit=5) == [(tmp_path / "long.py", 6)]


def test_generated_pages_follow_their_generators(tmp_path: Path) -> None:
    """A page that differs or lacks is written, one that nothing generates any more goes, one by hand stays."""
    (tmp_path / "docs").mkdir()
    mark = f"<!-- {MARK} -->"
    for name, text in {"old": mark, "changed": f"{mark} before", "hand": f"# By hand\n{mark}"}.items():
        (tmp_path / f"docs/{name}.md").write_text(text, encoding="utf-8")
    pages = {"docs/changed.md": f"{mark} after", "docs/rules/new.md": f"{mark} new"}
    stale = stale_pages(tmp_path, pages)
    assert write(tmp_path, pages, stale) == ["docs/changed.md", "docs/rules/new.md", "docs/old.md"]
    assert outdated_pages(tmp_path, pages) == stale_pages(tmp_path, pages) == []
    assert sorted(path.name for path in tmp_path.glob("docs/**/*.md")) == ["changed.md", "hand.md", "new.md"]
