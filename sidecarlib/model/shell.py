"""Shell commands that obey SIGTERM although they run as PID 1."""

from __future__ import annotations

from sidecarlib.model.checks import Checks

__all__ = ["stoppable_shell"]


def stoppable_shell(script: str, *, shell: str = "/bin/sh") -> tuple[str, str, str]:
    """A container's command that runs `script` and ends at once on SIGTERM.

    The kernel drops SIGTERM for a PID 1 that has no handler, so that `sh -c "while …; sleep 5; done"` or `tail -F` lives until
    the grace period is over and SIGKILL comes. Here the shell waits for the script as a child and passes the signal on; a
    script with a trap of its own is waited for. Exit code: the script's, or 0 after SIGTERM. `shell` must be in the image.
    `$$` reaches the shell as written; `$(NAME)` is the value of the container's variable NAME, as in every command. Raises `InvalidValueError` for an empty script.
    """
    checks = Checks("stoppable_shell")
    checks.text("script", script.strip() if isinstance(script, str) else script)
    checks.path("shell", shell)
    checks.raise_if_any()
    lines = (
        """trap 'kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM INT""",
        "(",
        script.strip("\n").replace("$$", "$$$$"),  # the kubelet turns $$ into $
        ") &",
        "child=$!",
        'wait "$child"',
    )
    return shell, "-c", "\n".join(lines) + "\n"
