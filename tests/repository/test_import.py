"""What importing the package costs and brings along."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sidecarlib

PURE = [
    "import sidecarlib",
    "from sidecarlib import PodSpec, OtelSidecar, attach",
    "import sidecarlib.rules.frame.registry as r; r.rules()",
]


@pytest.mark.parametrize("statement", PURE)
def test_nothing_but_a_workload_needs_node(statement: str) -> None:
    """Values, sidecars, rules and composition import neither cdk8s nor jsii, so no Node is started."""
    loaded = (
        f"{statement}; import sys; print(*(name for name in ('jsii', 'cdk8s', 'constructs') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_import_alone_loads_no_module_of_the_package() -> None:
    """Every public name loads on first use."""
    code = "import sidecarlib, sys; print(*(name for name in sys.modules if name.startswith('sidecarlib.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", sidecarlib.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each of them loads, and says in its documentation what it is for."""
    assert getattr(sidecarlib, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As for any module."""
    with pytest.raises(AttributeError, match="no attribute 'NoSuchSidecar'"):
        sidecarlib.NoSuchSidecar  # noqa: B018


def test_a_missing_node_is_told_in_one_line() -> None:
    """Without Node the first workload says what to install, and no broken traceback of jsii follows."""
    code = "from sidecarlib import Deployment"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False
    )
    assert done.returncode == 1
    assert "no Node.js, which cdk8s runs on @ PATH: install Node.js 22 or 24" in done.stderr.splitlines()[-1]
