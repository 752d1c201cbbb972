"""Jobs with a container that outlives their work."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.jobs.never_ending_job import RULE, check
from tests.rules.startup.pods import Fields, container, shell

WORK = container("name: work")
PROXY = container("name: proxy, image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0', args: ['p:r:i']")


def found(*mains: Fields, kind: str | None = "Job", **spec: Any) -> list[Finding]:
    """What the rule finds in a Job with these main containers."""
    pod = PodView({"containers": list(mains), **spec}, kind=kind)
    return list(check(pod)) if RULE.judges(pod) else []


@pytest.mark.parametrize("kind", ["Job", "CronJob"])
def test_a_known_daemon_beside_the_work_is_an_error(kind: str) -> None:
    """The Job never completes."""
    (finding,) = found(WORK, PROXY, kind=kind)
    assert (finding.severity, finding.container) == (Severity.ERROR, "proxy")


@pytest.mark.parametrize("kind", ["Deployment", "Pod", None])
def test_other_kinds_have_nothing_to_complete(kind: str | None) -> None:
    """Nor is anything said when the kind is not known."""
    assert not found(WORK, PROXY, kind=kind)


def test_a_daemon_whose_configuration_may_end_it_is_likely() -> None:
    """The manifest does not show the configuration."""
    (finding,) = found(
        WORK, container("name: shipper, image: 'timberio/vector:0.37.0-alpine', args: [--config-dir, /etc/vector]")
    )
    assert (finding.severity, finding.confidence) == (Severity.ERROR, Confidence.LIKELY)


@pytest.mark.parametrize(
    "words", ["[sh, -c, 'while true; do date; sleep 9; done']", "[tail, -F, /logs/app.log]", "[sleep, infinity]"]
)
def test_a_helper_without_an_end_is_a_warning(words: str) -> None:
    """Something may still end it."""
    (finding,) = found(WORK, container(f"name: helper, command: {words}"))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "helper",
    [
        shell("helper", "while true; do [ -f /shared/done ] && exit 0; sleep 1; done"),
        container(
            "name: proxy, image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0', args: [--quitquitquit, 'p:r:i']"
        ),
        shell("proxy", "/cloud_sql_proxy -instances=x & wait", "image: 'gcr.io/cloudsql-docker/gce-proxy:1.33'"),
        container("name: tool, image: 'hashicorp/vault:2.0.4', command: [vault, kv, get, secret/x]"),
        container(
            "name: tool, image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0', command: [/cloud-sql-proxy, wait]"
        ),
    ],
    ids=["marker file", "quitquitquit", "shell", "another command", "wait"],
)
def test_helpers_that_end_are_left_alone(helper: Fields) -> None:
    """By themselves, or because somebody tells them to."""
    assert not found(WORK, helper)


@pytest.mark.parametrize(
    "script",
    ["work; curl -X POST localhost:9091/quitquitquit", "work; pkill cloud-sql-proxy", "linkerd-await -S -- work"],
)
def test_work_that_stops_its_helper_is_left_alone(script: str) -> None:
    """The old way."""
    assert not found(shell("work", script), PROXY)


def test_a_shared_process_namespace_is_left_alone() -> None:
    """It is there to kill the helper from the work."""
    assert not found(WORK, PROXY, shareProcessNamespace=True)


def test_a_job_of_nothing_else_is_left_alone() -> None:
    """Then the daemon is the work."""
    assert not found(PROXY)
    assert not found(PROXY, container("name: other, command: [sleep, infinity]"))
