"""Exec probes in images that hold no shell; what products lack is in their own tests."""

from __future__ import annotations

import pytest

from sidecarlib.rules.frame.severity import Confidence, Severity
from tests.rules.startup.pods import container, found

RULE = "missing-exec-probe-program"


def probing(image: str, command: str, more: str = "") -> list[object]:
    """What the rule finds in a container of the image with an exec startup probe."""
    app = container(f"image: '{image}', startupProbe: {{exec: {{command: {command}}}}}, {more}")
    return list(found(RULE, mains=(app,)))


@pytest.mark.parametrize(
    "image",
    ["gcr.io/distroless/static", "timberio/vector:0.37.0-distroless-libc", "registry.example.com/app:1.0-scratch"],
)
def test_a_shell_in_a_bare_image_is_unlikely(image: str) -> None:
    """The name of the image says so, which is a warning and no certainty."""
    app = container(f"image: '{image}', startupProbe: {{exec: {{command: [/bin/sh, -c, 'exit 0']}}}}")
    (finding,) = found(RULE, mains=(app,))
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.LIKELY)


@pytest.mark.parametrize("image", ["gcr.io/distroless/static:debug", "busybox:1.36", "app:1.0", "debian:12"])
def test_other_images_may_have_one(image: str) -> None:
    """So do distroless' own debug tags."""
    assert not probing(image, "[sh, -c, 'exit 0']")


@pytest.mark.parametrize("command", ["[/app/check]", "['$(CHECK)']", "[]"])
def test_programs_of_its_own_are_left_alone(command: str) -> None:
    """A bare image has at least one program, and the manifest does not say which."""
    assert not probing("gcr.io/distroless/static", command)


def test_a_program_on_a_volume_is_there() -> None:
    """Whether it is named by its path or found in a folder of PATH."""
    mount = "volumeMounts: [{name: tools, mountPath: /tools}, {name: tools, mountPath: /usr/local/bin}]"
    assert not probing("gcr.io/distroless/static", "[/tools/sh]", mount)
    assert not probing("gcr.io/distroless/static", "[sh]", mount)
