"""What every test runs under, whoever starts pytest: the environment's own Node, and no deadlines."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

# jsii starts `node` from PATH otherwise; read when cdk8s is first imported.
_node = Path(sys.prefix) / "bin" / "node"
if _node.exists():
    os.environ.setdefault("JSII_NODE", str(_node))

# A deadline measures the machine, not the code. In CI the same examples run each time.
settings.register_profile("sidecarlib", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("sidecarlib")
