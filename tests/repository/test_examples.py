"""The examples are runnable as they stand, and dist/ is what they render."""

from __future__ import annotations

import re
import runpy
from functools import partial
from pathlib import Path
from types import ModuleType

import cdk8s
import pytest

from examples.main import charts_of, example_folders, load, source_of
from tools.repository import ROOT

DIST = ROOT / "dist"
each_example = pytest.mark.parametrize("folder", example_folders(), ids=lambda folder: folder.name)


@each_example
def test_runs_by_itself(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python examples/NN-name/name.py` alone writes the very bytes that dist/ has for it, and nothing else."""
    monkeypatch.setattr(cdk8s, "App", partial(cdk8s.App, outdir=str(tmp_path)))
    runpy.run_path(str(source_of(folder)), run_name="__main__")
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(written) == {f"{chart_id}.k8s.yaml" for chart_id in charts_of(load(folder))}
    assert written == {name: (DIST / name).read_bytes() for name in written}


@each_example
def test_follows_the_conventions(folder: Path) -> None:
    """A folder is named NN-some-name, holds the one file some_name.py, and that file says what it shows."""
    assert re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", folder.name)
    assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == [source_of(folder).name]
    assert load(folder).__doc__


@each_example
def test_objects_have_names_of_their_own(folder: Path) -> None:
    """No object's name depends on the number of its example: none is made from construct ids."""
    for chart_id in charts_of(load(folder)):
        text = (DIST / f"{chart_id}.k8s.yaml").read_text(encoding="utf-8")
        assert not re.search(rf"^  name: .*{re.escape(folder.name)}", text, re.MULTILINE)


def test_numbers_are_consecutive() -> None:
    """The examples are numbered from 01 without a gap, so that their order is a path through them."""
    numbers = [int(folder.name[:2]) for folder in example_folders()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_dist_holds_nothing_else() -> None:
    """Every file of dist/ belongs to a chart of an example."""
    expected = {f"{chart_id}.k8s.yaml" for folder in example_folders() for chart_id in charts_of(load(folder))}
    assert {path.name for path in DIST.glob("*")} == expected


def test_several_charts_are_told_apart() -> None:
    """Of several charts each has the folder's name and its own in its id; one that others extend is not rendered."""
    module = ModuleType("10-shop")
    shop = type("Shop", (cdk8s.Chart,), {"__module__": "10-shop"})
    module.Shop = shop  # type: ignore[attr-defined]
    for name in ("Staging", "LargeProduction"):
        setattr(module, name, type(name, (shop,), {"__module__": "10-shop"}))
    assert list(charts_of(module)) == ["10-shop-staging", "10-shop-large-production"]
