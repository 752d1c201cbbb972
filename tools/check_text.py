"""Keep out of the project's files what belongs to one machine: hosts of package registries and absolute paths.

Locks and pages with a host in them install from that host alone; a path of somebody's machine misleads everyone else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.repository import ROOT, own_files

# Written so that this file does not match itself.
FORBIDDEN = {
    "the host of a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|jfrog|artifactory|nexus)\.(?:org|com|io|net)\b", re.IGNORECASE
    ),
    "a path of one machine": re.compile(r"(?<![\w.~/}-])/(?:work|root|var/tmp)(?![\w-])"),
}


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, what it is and the text, for each forbidden thing in `text`."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            for match in pattern.finditer(line):
                yield number, what, match.group()


def findings_in(path: Path) -> list[tuple[int, str, str]]:
    """Return the findings of one file; a file that is not text has none."""
    try:
        return list(findings(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        return []


def main() -> int:
    """Print every finding in the repository's own files; return the exit code."""
    failed = False
    for path in own_files():
        for number, what, found in findings_in(path):
            print(f"{path.relative_to(ROOT)}:{number}: {found!r} is {what}: leave it out")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
