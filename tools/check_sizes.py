"""Hold every hand-written Python file to the size contract: aim at 200 lines, never more than 400."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tools.repository import ROOT, own_files

HARD_LIMIT = 400


def too_long(paths: Iterable[Path], limit: int = HARD_LIMIT) -> list[tuple[Path, int]]:
    """Return each Python file of more than `limit` lines with its number of lines."""
    sizes = [(path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths if path.suffix == ".py"]
    return [(path, lines) for path, lines in sizes if lines > limit]


def main() -> int:
    """Print each file that is too long; return the exit code."""
    found = too_long(own_files())
    for path, lines in found:
        print(f"{path.relative_to(ROOT)} has {lines} lines: split it by idea, {HARD_LIMIT} is the limit")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
