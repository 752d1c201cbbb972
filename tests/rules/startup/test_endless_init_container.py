"""Plain init containers that never end."""

from __future__ import annotations

import pytest

from tests.rules.startup.pods import container, found, shell, sidecar

RULE = "endless-init-container"


@pytest.mark.parametrize(
    "script",
    [
        "while true; do date; sleep 5; done",
        "while :; do sleep 5 & wait $!; done",
        "for ((;;)); do date; done",
        "until false; do date; done",
        "sleep infinity",
        "prepare; exec sleep infinity",
        "prepare && tail -f /dev/null",
        "tail -n+1 -F /var/log/app.log",
        "(while true; do date; done)",
        "trap 'exit 0' TERM; while true; do sleep 1; done",
    ],
)
def test_scripts_without_an_end_are_found(script: str) -> None:
    """Loops, sleeps and tails that certainly run."""
    assert len(found(RULE, shell("helper", script))) == 1


@pytest.mark.parametrize(
    "script",
    [
        "while true; do if check; then exit 0; fi; sleep 1; done",
        "while true; do check && break; sleep 1; done",
        "until check; do sleep 1; done",
        "while sleep 1; do date; done",
        "sleep 3600",
        "sleep infinity & prepare; kill %1",
        "check || sleep infinity",
        'if [ -n "$DEBUG" ]; then sleep infinity; fi; prepare',
        '[ -n "$DEBUG" ] && sleep infinity; prepare',
        "debug() { sleep infinity; }; prepare",
        "tail -n 5 /var/log/app.log",
        "tail -f --pid=7 /var/log/app.log",
        "(while true; do date; done) & prepare",
        "exit 0; sleep infinity",
        "# while true; do date; done\nprepare",
        "echo 'while true; do date; done'",
        "cat <<EOF\nfine\nEOF",
    ],
)
def test_scripts_that_may_end_are_left_alone(script: str) -> None:
    """A way out, something in the background, something that may not run."""
    assert not found(RULE, shell("helper", script))


@pytest.mark.parametrize(
    ("image", "words", "ends"),
    [
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0", "args: [--port=5432, 'p:r:i']", False),
        ("mirror.example.com/cloud-sql-connectors/cloud-sql-proxy", "command: [/cloud-sql-proxy, 'p:r:i']", False),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0", "command: [/cloud-sql-proxy, wait, --max=30s]", True),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0", "args: [--version]", True),
        (
            "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0-alpine",
            "command: [sh, -c, 'timeout 9 /cloud-sql-proxy p:r:i']",
            True,
        ),
        (
            "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0-alpine",
            "command: [cp, /cloud-sql-proxy, /shared/]",
            True,
        ),
        ("otel/opentelemetry-collector-contrib:0.165.0", "args: [--config=/etc/otel.yaml]", False),
        ("otel/opentelemetry-collector-contrib:0.165.0", "args: [validate, --config=/etc/otel.yaml]", True),
        ("istio/proxyv2:1.30", "args: [istio-iptables, -p, '15001']", True),
        ("registry.k8s.io/git-sync/git-sync:v4.7.1", "args: [--repo=x, --one-time]", True),
        ("registry.k8s.io/git-sync/git-sync:v4.7.1", "args: [--repo=x]", False),
        ("hashicorp/vault:2.0.4", "command: [vault], args: [agent, -config=/etc/vault/config.hcl]", True),
        ("fluent/fluent-bit:5.1.1", "args: [-c, /etc/fluent-bit.conf]", True),
        ("busybox:1.36", "command: [sleep, infinity]", False),
        ("busybox:1.36", "command: [sleep, '60']", True),
    ],
)
def test_known_programs_are_told_apart_by_what_they_are_asked(image: str, words: str, ends: bool) -> None:  # noqa: FBT001 - a table's column
    """Those whose configuration may make them end count as ending: the manifest does not show it."""
    assert (not found(RULE, container(f"name: helper, image: '{image}', {words}"))) is ends


def test_sidecars_are_meant_to_run_for_ever() -> None:
    """So are main containers."""
    assert not found(
        RULE, sidecar("name: helper, command: [sleep, infinity]"), mains=(container("command: [sleep, infinity]"),)
    )
