"""Render examples/ into dist/ with the cdk8s command line, all or nothing.

`cdk8s synth` empties its output folder before it starts the app, so a failing example would leave no golden files.
This renders beside dist/ and swaps the folders at the end. `--check` renders three times, under three hash seeds,
and says how dist/ differs instead of touching it.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.repository import ROOT

HASH_SEEDS = ("1", "2", "3")


class SynthError(Exception):
    """The examples did not render; the text says what to do."""


def render(root: Path, output: Path, hash_seed: str | None = None) -> list[Path]:
    """Run `cdk8s synth` at `root` into `output` and return the files written, sorted.

    The environment's own CDK8S_* settings are left out, for they change the bytes. Raises SynthError.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDK8S_")}
    environment |= {"CDK8S_CHECK_UPGRADE": "false", "JSII_NODE": str(ROOT / ".venv/bin/node")}
    if hash_seed is not None:
        environment["PYTHONHASHSEED"] = hash_seed
    node, command_line = ROOT / ".venv/bin/node", ROOT / "node_modules/cdk8s-cli/bin/cdk8s"
    if not (node.exists() and command_line.exists()):
        raise SynthError("the tools are not installed: run make install")
    run = subprocess.run(
        [node, command_line, "synth", "--output", output],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if run.returncode != 0:
        raise SynthError(f"cdk8s synth failed with exit code {run.returncode}: see above")
    files = sorted(output.iterdir()) if output.is_dir() else []
    if not files:
        raise SynthError("cdk8s synth wrote no file: examples/ holds no chart")
    return files


def replace(folder: Path, new: Path) -> None:
    """Put the folder `new` where `folder` is; both must be on one file system."""
    old = new.with_name(f"{new.name}-old")
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Give a folder below build/, on the file system of dist/, that is gone afterwards."""
    build = root / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="synth-", dir=build) as folder:
        yield Path(folder)


def synth(root: Path) -> list[str]:
    """Render into dist/ and return the names of its files. Raises SynthError, and leaves dist/ as it was."""
    with scratch(root) as folder:
        names = [path.name for path in render(root, folder / "dist")]
        replace(root / "dist", folder / "dist")
    return names


def differences(expected: Path, actual: Path) -> Iterator[str]:
    """Yield the lines of a unified diff for each file that is not the same, byte for byte, in both folders."""
    for name in sorted({path.name for folder in (expected, actual) if folder.is_dir() for path in folder.iterdir()}):
        before, after = ((folder / name) for folder in (expected, actual))
        old, new = (path.read_bytes() if path.exists() else None for path in (before, after))
        if old == new:
            continue
        old_lines, new_lines = ((text or b"").decode().splitlines() for text in (old, new))
        yield from difflib.unified_diff(old_lines, new_lines, f"dist/{name}", f"rendered/{name}", lineterm="")
        if old is None or new is None:
            yield f"dist/{name} is {'missing' if old is None else 'left over'}"


def check(root: Path) -> list[str]:
    """Render once per hash seed and return what differs from dist/, as lines. Raises SynthError."""
    with scratch(root) as folder:
        for seed in HASH_SEEDS:
            render(root, folder / seed, hash_seed=seed)
            if lines := list(differences(root / "dist", folder / seed)):
                return [*lines, f"dist/ is not what the examples render (PYTHONHASHSEED={seed}): run make synth"]
    return []


def main(arguments: list[str]) -> int:
    """Render, or compare when the only argument is --check; return the exit code."""
    try:
        if arguments == ["--check"]:
            lines = check(ROOT)
            print("\n".join(lines) or "dist/ is up to date")
            return 1 if lines else 0
        if arguments:
            print("usage: python -m tools.synth [--check]", file=sys.stderr)
            return 2
        print(*(f"dist/{name}" for name in synth(ROOT)), sep="\n")
    except SynthError as error:
        print(f"{error}. dist/ is untouched.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
