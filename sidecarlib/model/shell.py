"""Shell commands that obey SIGTERM although they run as PID 1."""

from __future__ import annotations

from sidecarlib.model.checks import Checks

__all__ = ["stoppable_shell"]

LARGEST_EXIT_CODE = 255


def stoppable_shell(
    script: str, *, exit_code_when_stopped: int | None = None, shell: str = "/bin/sh"
) -> tuple[str, str, str]:
    """A container's command that runs `script` and ends at once on SIGTERM.

    The kernel drops SIGTERM for a PID 1 that has no handler, so that `sh -c "while …; sleep 5; done"` or `tail -F` lives
    until the grace period is over and SIGKILL comes. Here the shell waits for the script as a child and passes the signal
    on; a script with a trap of its own is waited for. The exit code is the script's: 143 after SIGTERM where it has no
    trap. `exit_code_when_stopped=0` lets a sidecar that was stopped look completed; leave it out for a container of
    `containers`, whose Job would count work that was broken off as done. `$$` reaches the shell as written; `$(NAME)` is the
    value of the container's variable NAME, as in every command. `shell` must be in the image. Raises `InvalidValueError`.
    """
    checks = Checks("stoppable_shell")
    checks.text("script", script.strip() if isinstance(script, str) else script)
    checks.path("shell", shell)
    checks.optional_integer("exit_code_when_stopped", exit_code_when_stopped, maximum=LARGEST_EXIT_CODE)
    checks.raise_if_any()
    code = "$?" if exit_code_when_stopped is None else exit_code_when_stopped
    lines = (
        f"""trap 'kill $! 2>/dev/null; wait $!; exit {code}' TERM INT""",
        "(",
        script.strip("\n").replace("$$", "$$$$"),  # the kubelet turns $$ into $
        ") &",
        "wait $!",
    )
    return shell, "-c", "\n".join(lines) + "\n"
