"""Gates that look for a file where it cannot appear."""

from __future__ import annotations

import pytest

from sidecarlib.model.wait_for import WaitFor
from sidecarlib.rules.frame.severity import Severity
from tests.rules.startup.pods import Fields, container, found, scratch, shell, sidecar

RULE = "gate-file-out-of-reach"
WRITER = sidecar("name: agent, volumeMounts: [{name: secrets, mountPath: /secrets}]")
PROBE = "startupProbe: {exec: {command: [test, -f, /secrets/key]}}"


def loop(path: str, text: str = "") -> Fields:
    """A plain init container that waits for a file."""
    return shell("gate", f"until test -e {path}; do sleep 1; done", text)


def test_a_gate_without_the_mount_is_an_error() -> None:
    """Its neighbour writes to the volume, the gate looks into its own image."""
    (finding,) = found(RULE, WRITER, loop("/secrets/key"), volumes=scratch("secrets"))
    assert finding.severity is Severity.ERROR
    assert "'secrets'" in finding.instead


def test_sidecarlibs_own_gate_is_read() -> None:
    """`WaitFor.file` with a plain path and no mount."""
    gate = container("name: gate") | {"command": list(WaitFor.file("/secrets/key").script())}
    assert len(found(RULE, WRITER, gate, volumes=scratch("secrets"))) == 1


@pytest.mark.parametrize("path", ["/secrets", "/", "/secrets/deep"])
def test_a_gate_with_a_mount_above_the_file_is_fine(path: str) -> None:
    """Whatever the depth of the mount."""
    gate = loop("/secrets/deep/key", f"volumeMounts: [{{name: secrets, mountPath: {path}}}]")
    assert not found(RULE, WRITER, gate, volumes=scratch("secrets"))


def test_a_probe_of_a_sidecar_that_lacks_the_mount_of_its_neighbour_is_an_error() -> None:
    """The article's vault agent: it has no volume where the proxy expects its files."""
    reader = sidecar("name: proxy, volumeMounts: [{name: secrets, mountPath: /secrets}]")
    (finding,) = found(RULE, sidecar(f"name: agent, {PROBE}"), reader, volumes=scratch("secrets"))
    assert (finding.severity, finding.container) == (Severity.ERROR, "agent")


def test_a_sidecar_may_write_the_file_itself() -> None:
    """Into its own root, or onto a volume that it can write to."""
    assert not found(RULE, sidecar("startupProbe: {exec: {command: [cat, /app/ready]}}"))
    own = "volumeMounts: [{name: secrets, mountPath: /secrets}]"
    assert not found(RULE, sidecar(f"{own}, {PROBE}"), volumes=scratch("secrets"))


def test_a_read_only_root_is_a_warning() -> None:
    """Only the image can hold the file."""
    hard = "securityContext: {readOnlyRootFilesystem: true}"
    (finding,) = found(RULE, sidecar(f"{hard}, startupProbe: {{exec: {{command: [cat, /tmp/ready]}}}}"))
    assert finding.severity is Severity.WARNING
    mounted = "volumeMounts: [{name: tmp, mountPath: /tmp}]"
    probed = sidecar(f"{hard}, {mounted}, startupProbe: {{exec: {{command: [cat, /tmp/ready]}}}}")
    assert not found(RULE, probed, volumes=scratch("tmp"))


def test_scratch_folders_are_everybodys_own() -> None:
    """That the application has a volume at /tmp says nothing about a sidecar's /tmp."""
    app = container("name: app, volumeMounts: [{name: tmp, mountPath: /tmp}]")
    assert not found(
        RULE, sidecar("startupProbe: {exec: {command: [cat, /tmp/ready]}}"), mains=(app,), volumes=scratch("tmp")
    )


def test_a_loop_for_a_file_that_no_volume_can_bring_is_a_warning() -> None:
    """The image may have it."""
    (finding,) = found(RULE, loop("/data/ready"))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "path", ["/proc/sys/x", "/var/run/secrets/kubernetes.io/serviceaccount/token", "/etc/resolv.conf", "$FILE"]
)
def test_what_others_put_there_is_left_alone(path: str) -> None:
    """The kernel, the kubelet and webhooks; a path that is not known is no path."""
    assert not found(RULE, loop(path))


def test_a_volume_that_nobody_writes_to_stays_empty() -> None:
    """The gate alone has it."""
    gate = loop("/secrets/key", "volumeMounts: [{name: secrets, mountPath: /secrets, readOnly: true}]")
    (finding,) = found(RULE, gate, volumes=scratch("secrets"))
    assert "nothing else" in finding.what


def test_a_later_writer_is_another_rules_matter() -> None:
    """Then the order is wrong, not the mount."""
    gate = loop("/secrets/key", "volumeMounts: [{name: secrets, mountPath: /secrets}]")
    assert not found(RULE, gate, WRITER, volumes=scratch("secrets"))
