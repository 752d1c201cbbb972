"""The cost of `import sidecarlib` over bare Python, in milliseconds: the two in turn, in processes of their own."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

WAYS = {
    "bare Python": "pass",
    "import sidecarlib": "import sidecarlib",
    "from sidecarlib import PodSpec": "from sidecarlib import PodSpec",
}


def milliseconds(code: str) -> float:
    """One process, from its start to its end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = [{way: milliseconds(code) for way, code in WAYS.items()} for _ in range(parser.parse_args().rounds)]
    print("| | ms, median | over bare Python |")
    print("|---|---:|---:|")
    for way in WAYS:
        over = statistics.median(found[way] - found["bare Python"] for found in rounds)
        print(f"| {way} | {statistics.median(found[way] for found in rounds):.0f} | {over:+.0f} |")


if __name__ == "__main__":
    main()
