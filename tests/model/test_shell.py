"""Shell commands that obey SIGTERM, run by a real shell (as a child of the test, so not as PID 1)."""

from __future__ import annotations

import signal
import subprocess

import pytest

from sidecarlib import InvalidValueError, stoppable_shell


def started(script: str, exit_code_when_stopped: int | None = None) -> subprocess.Popen[str]:
    """The command, which has come to where the script says READY; the kubelet's `$$` is undone."""
    shell, flag, text = stoppable_shell(
        script.replace("READY", "echo started"), exit_code_when_stopped=exit_code_when_stopped
    )
    process = subprocess.Popen([shell, flag, text.replace("$$", "$")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def code_after_sigterm(script: str, exit_code_when_stopped: int | None = None) -> int:
    """The exit code of a stopped command."""
    with started(script, exit_code_when_stopped) as process:
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=20)


def test_the_exit_code_is_the_scripts() -> None:
    """A script that ends by itself ends the container with its code."""
    with started("READY; exit 7") as process:
        assert process.wait(timeout=20) == 7


def test_a_stopped_script_ends_at_once_with_its_signal() -> None:
    """Broken off work never looks done."""
    assert code_after_sigterm("READY; sleep 60") == 143


def test_a_sidecar_may_look_completed() -> None:
    """The code after SIGTERM can be chosen."""
    assert code_after_sigterm("READY; while true; do sleep 60; done", exit_code_when_stopped=0) == 0


def test_a_trap_of_the_scripts_own_is_waited_for() -> None:
    """It gets the signal, and its code counts."""
    assert code_after_sigterm("trap 'exit 3' TERM\nREADY; while true; do sleep 0.1; done") == 3


def test_two_dollars_reach_the_shell() -> None:
    """The kubelet halves them, so they are written twice."""
    assert "echo $$$$" in stoppable_shell("echo $$")[2]


@pytest.mark.parametrize(
    "fields", [{"script": " "}, {"script": "true", "exit_code_when_stopped": 256}, {"script": "true", "shell": "sh"}]
)
def test_a_wrong_command_is_told(fields: dict[str, str]) -> None:
    """An empty script, a code that is none, a shell without a path."""
    with pytest.raises(InvalidValueError):
        stoppable_shell(**fields)  # type: ignore[arg-type]
