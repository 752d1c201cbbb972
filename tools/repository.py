"""Where the repository is and which of its files are its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def own_files(root: Path = ROOT) -> list[Path]:
    """List the files that git tracks or would track, sorted; a deleted one is left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted({path for name in listing.split("\0") if name and (path := root / name).is_file()})
