"""`make synth` replaces dist/ entirely or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.synth import SynthError, check, synth

WORKING = """
from cdk8s import App, ApiObject, Chart
ApiObject(Chart(App(), "new"), "object", api_version="v1", kind="ConfigMap", metadata={"name": "settings"}).chart.node.root.synth()
"""


def project(folder: Path, app: str) -> Path:
    """Return a project whose app is the given Python, with one file in its dist/."""
    (folder / "main.py").write_text(app, encoding="utf-8")
    (folder / "cdk8s.yaml").write_text(f"language: python\napp: '\"{sys.executable}\" main.py'\n", encoding="utf-8")
    (folder / "dist").mkdir()
    (folder / "dist/old.k8s.yaml").write_text("kind: Old\n", encoding="utf-8")
    return folder


def test_replaces_dist(tmp_path: Path) -> None:
    """After a synth dist/ holds what the app rendered, and no file of before."""
    root = project(tmp_path, WORKING)
    assert synth(root) == ["new.k8s.yaml"]
    assert [path.name for path in root.glob("dist/*")] == ["new.k8s.yaml"]
    assert not list(root.glob("build/*"))


@pytest.mark.parametrize(
    ("app", "message"),
    [
        pytest.param("raise SystemExit('bad image')", "bad image", id="the app fails"),
        pytest.param(f"{WORKING}\nraise SystemExit('bad image')", "bad image", id="the app fails after it has written"),
        pytest.param("", "app expected to create", id="the app writes nothing"),
        pytest.param("from cdk8s import App\nApp().synth()", "No manifests synthesized", id="the app has no chart"),
    ],
)
def test_leaves_dist_alone(tmp_path: Path, app: str, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    """When the app fails or renders nothing, its message is passed on and dist/ is as it was."""
    root = project(tmp_path, app)
    with pytest.raises(SynthError):
        synth(root)
    assert message in capfd.readouterr().err
    assert [path.read_text(encoding="utf-8") for path in root.glob("dist/*")] == ["kind: Old\n"]


def test_check_names_what_differs(tmp_path: Path) -> None:
    """A check says which files are missing or left over and writes nothing."""
    lines = check(project(tmp_path, WORKING))
    assert "dist/new.k8s.yaml is missing" in lines
    assert "dist/old.k8s.yaml is left over" in lines
    assert [path.name for path in tmp_path.glob("dist/*")] == ["old.k8s.yaml"]


def test_check_finds_what_depends_on_the_hash_seed(tmp_path: Path) -> None:
    """Output that comes from the order of a set is found, even where dist/ was rendered under one of the seeds."""
    app = WORKING.replace('"settings"', '"-".join({"a", "b", "c", "d", "e", "f", "g", "h"})')
    root = project(tmp_path, app)
    synth(root)
    assert check(root)[-1].startswith("dist/ is not what the examples render")
