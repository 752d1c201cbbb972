"""Prove the built wheel: it installs in an empty environment, brings what it needs, and its types are seen.

Dependencies come in the versions of requirements.lock, so that a new release elsewhere does not fail an old commit.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.repository import ROOT, own_files

# Uses a public name, and holds an error that only a typed package shows.
TYPED = """\
from sidecarlib import Container

Container(name="app", image="myapp:1.0")
Container(name=1, image="myapp:1.0")
"""
RUN = "import sys, sidecarlib; sidecarlib.Container; sys.exit('jsii' in sys.modules and 'import sidecarlib loads jsii')"


def run(*command: str | Path, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder `where` and return it finished, with its output as text."""
    return subprocess.run(command, cwd=where, check=False, text=True, capture_output=True)


def build(folder: Path) -> Path:
    """Build the wheel into `folder` and return its path. Raises RuntimeError with pip's output."""
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    built = run(*pip, ROOT, where=ROOT)
    if built.returncode != 0:
        raise RuntimeError(built.stdout + built.stderr)
    return next(folder.glob("*.whl"))


def content_problems(wheel: Path) -> list[str]:
    """Return what the wheel lacks of the package, or holds beside it."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {path.relative_to(ROOT).as_posix() for path in own_files() if path.is_relative_to(ROOT / "sidecarlib")}
    lacking = [f"{name} is not in the wheel" for name in sorted(package - packed)]
    return lacking + [f"{name} does not belong in the wheel" for name in sorted(packed - package)]


def install_problems(wheel: Path, folder: Path) -> list[str]:
    """Return what goes wrong when the wheel is installed in a new environment below `folder` and used."""
    pins = re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    (folder / "constraints.txt").write_text("\n".join(pins), encoding="utf-8")
    (folder / "typed.py").write_text(TYPED, encoding="utf-8")
    python = folder / "environment/bin/python"
    steps = [
        (sys.executable, "-m", "venv", folder / "environment"),
        (python, "-m", "pip", "install", "--quiet", "--constraint", "constraints.txt", wheel),
        (python, "-m", "pip", "check"),
        (python, "-c", RUN),
    ]
    for step in steps:
        done = run(*step, where=folder)
        if done.returncode != 0:
            return [f"{' '.join(map(str, step))}\n{done.stdout}{done.stderr}"]
    mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "cache", "--python-executable", python)
    types = run(*mypy, "typed.py", where=folder).stdout
    wanted = ("typed.py:4: error:", "Found 1 error in 1 file")
    return (
        [] if all(text in types for text in wanted) else [f"the wheel's types are not seen as they should be:\n{types}"]
    )


def main() -> int:
    """Build, look inside, install and use the wheel; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        problems = content_problems(wheel) or install_problems(wheel, folder)
    print(*problems or [f"{wheel.name} installs, imports without jsii, and is typed"], sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
