"""Fixtures of the tests that need a cluster, and the one error for when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.cluster.kubernetes.access import NoClusterError, read_access
from tests.cluster.kubernetes.api import Api, ApiError
from tests.cluster.kubernetes.discovery import Discovery
from tests.cluster.kubernetes.namespace import Namespace

HERE = Path(__file__).parent
CONNECTED = pytest.StashKey[Api]()

RESTRICTED = {  # `warn` too: only Pods are ever refused, other kinds answer with a warning
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
}


def pytest_configure(config: pytest.Config) -> None:
    """Connects before anything is collected, so that a missing cluster is one error and not one for each test."""
    try:
        api = Api(read_access())
        api.get("/version")
    except NoClusterError as problem:
        raise pytest.UsageError(str(problem)) from None
    except (OSError, HTTPException, ApiError) as problem:
        raise pytest.UsageError(f"the cluster of KUBECONFIG does not answer: {problem}") from None
    config.stash[CONNECTED] = api


def pytest_unconfigure(config: pytest.Config) -> None:
    """Closes what `pytest_configure` opened."""
    if CONNECTED in config.stash:
        config.stash[CONNECTED].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is collected here, so that `-m` can tell it apart."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("cluster")


@pytest.fixture(scope="session")
def api(pytestconfig: pytest.Config) -> Api:
    """The API server."""
    return pytestconfig.stash[CONNECTED]


@pytest.fixture(scope="session")
def discovery(api: Api) -> Discovery:
    """Which kinds it serves, and where."""
    return Discovery(api)


@pytest.fixture
def namespace(api: Api, discovery: Discovery, request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """A namespace of the test's own, deleted after it."""
    with _lent(Namespace.create(api, discovery, request.node.name)) as lent:
        yield lent


@pytest.fixture
def restricted_namespace(api: Api, discovery: Discovery, request: pytest.FixtureRequest) -> Iterator[Namespace]:
    """The same under the `restricted` Pod Security Standard: Pods against it are refused, workloads answer with warnings."""
    with _lent(Namespace.create(api, discovery, request.node.name, RESTRICTED)) as lent:
        yield lent


@pytest.fixture(scope="session")
def shared_namespace(api: Api, discovery: Discovery) -> Iterator[Namespace]:
    """One for dry runs, which leave nothing behind: hypothesis allows no fixture that is made anew for each test."""
    with _lent(Namespace.create(api, discovery, "dry-runs")) as lent:
        yield lent


@contextmanager
def _lent(namespace: Namespace) -> Iterator[Namespace]:
    try:
        yield namespace
    finally:
        namespace.close()
