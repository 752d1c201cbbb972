"""Gates that stand behind a sidecar: a plain init container that ends when the sidecar serves, or fails in time."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from sidecarlib.model.checks import Checks, assign, shown
from sidecarlib.model.image import image_problem
from sidecarlib.model.rendered_file import RenderedFile
from sidecarlib.model.resources import Resources
from sidecarlib.model.security import SecurityContext
from sidecarlib.model.volume import VolumeMount

__all__ = ["WaitFor"]

NOBODY = 65534
DEFAULT_IMAGE = "busybox:1.36"
DEFAULT_RESOURCES = Resources(requests={"cpu": "10m", "memory": "8Mi"}, limits={"memory": "32Mi"})
DEFAULT_SECURITY_CONTEXT = SecurityContext.restricted(run_as_user=NOBODY, run_as_group=NOBODY)


class GateOptions(TypedDict, total=False):
    """The container of a gate: image, resources and security settings."""

    image: str
    """An image with `sh`, `date`, `grep` and `sleep`; for http also `timeout` and `wget`. Default: busybox:1.36, with which it is tested."""
    resources: Resources | None
    """Requests and limits; they add nothing to the Pod unless they are its largest init container."""
    security_context: SecurityContext | None
    """Default: what the `restricted` Pod Security Standard asks for, as user 65534."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor:
    """A gate *instead of* a startup probe, made by `WaitFor.tcp`, `http`, `file` or `command`.

    It becomes a plain init container right behind the sidecar, so it sees the Pod's loopback and needs nothing in the sidecar's
    image. It tries once a second. When `within` seconds are over it fails: with `restartPolicy: Never` (a Job) that
    fails the Pod and counts against the backoff limit, in a Deployment it is tried again; a startup probe would restart the
    sidecar for ever. Raises `InvalidValueError`.
    """

    condition: str
    description: str
    within: int = 60
    port: int | None = None
    image: str = DEFAULT_IMAGE
    resources: Resources | None = DEFAULT_RESOURCES
    security_context: SecurityContext | None = DEFAULT_SECURITY_CONTEXT
    volume_mounts: Sequence[VolumeMount] = field(default=())

    def __post_init__(self) -> None:
        checks = Checks("WaitFor")
        checks.text("condition", self.condition)
        checks.text("description", self.description)
        checks.integer("within", self.within, minimum=1)
        checks.text("image", self.image, syntax=image_problem)
        checks.instance("resources", self.resources, Resources, "Resources")
        checks.instance("security_context", self.security_context, SecurityContext, "SecurityContext")
        assign(self, volume_mounts=checks.items("volume_mounts", self.volume_mounts, VolumeMount))
        checks.raise_if_any()

    @classmethod
    def tcp(cls, *, port: int, within: int = 60, **options: Unpack[GateOptions]) -> WaitFor:
        """Until something in the Pod listens on the TCP `port`, on loopback or not.

        It reads the kernel's table of sockets, so that no connection reaches the sidecar (a database proxy would dial its
        database for each).
        """
        checks = Checks("WaitFor.tcp")
        checks.port("port", port)
        checks.raise_if_any()
        condition = f"grep -qs ': [0-9A-F]*:{port:04X} [0-9A-F]*:0000 0A' /proc/net/tcp /proc/net/tcp6"
        return cls(condition=condition, description=f"listener on port {port}", within=within, port=port, **options)

    @classmethod
    def http(cls, path: str, *, port: int, within: int = 60, **options: Unpack[GateOptions]) -> WaitFor:
        """Until GET `path` on 127.0.0.1 at `port` answers with success."""
        checks = Checks("WaitFor.http")
        checks.port("port", port)
        if not isinstance(path, str) or not path.startswith("/"):
            checks.add(f"{shown(path)} is no path", "path", "write a path that starts with '/'")
        checks.raise_if_any()
        url = f"http://127.0.0.1:{port}{path}"
        condition = f"timeout 2 wget -q -O /dev/null {shlex.quote(url)} 2>/dev/null"
        return cls(condition=condition, description=f"answer from {url}", within=within, port=port, **options)

    @classmethod
    def file(
        cls,
        file: RenderedFile | str,
        *,
        mount: VolumeMount | None = None,
        within: int = 60,
        **options: Unpack[GateOptions],
    ) -> WaitFor:
        """Until a file exists: one that a sidecar renders, or an absolute path below `mount`."""
        path = file.path if isinstance(file, RenderedFile) else file
        checks = Checks("WaitFor.file")
        checks.path("file", path)
        checks.instance("mount", mount, VolumeMount, "VolumeMount")
        checks.raise_if_any()
        mounts = [file.mount()] if isinstance(file, RenderedFile) else []
        mounts += [] if mount is None else [mount]
        return cls(
            condition=f"test -e {shlex.quote(path)}",
            description=f"file {path}",
            within=within,
            volume_mounts=mounts,
            **options,
        )

    @classmethod
    def command(
        cls,
        command: Sequence[str],
        *,
        volume_mounts: Sequence[VolumeMount] = (),
        within: int = 60,
        **options: Unpack[GateOptions],
    ) -> WaitFor:
        """Until `command` exits with 0; its program must be in `image`."""
        checks = Checks("WaitFor.command")
        words = checks.texts("command", command)
        if not words:
            checks.add("no command", "command", "write the program and its arguments as a list")
        checks.raise_if_any()
        line = shlex.join(words)
        return cls(
            condition=f"{line} >/dev/null 2>&1",
            description=f"success of {line}",
            within=within,
            volume_mounts=volume_mounts,
            **options,
        )

    def script(self) -> tuple[str, str, str]:
        """The command of the gate: it obeys SIGTERM, says what it waits for, and exits with 1 when time is up.

        As a container's command: `$$` is written twice, because the kubelet makes one of two.
        """
        lines = (
            "trap 'exit 143' TERM",
            f"deadline=$(($(date +%s) + {self.within}))",
            f"until {self.condition}; do",
            '  if [ "$(date +%s)" -ge "$deadline" ]; then',
            f"    echo {shlex.quote(f'gave up after {self.within} s: no {self.description}')} >&2",
            "    exit 1",
            "  fi",
            "  sleep 1 &",
            "  wait $!",
            "done",
        )
        return "/bin/sh", "-c", "\n".join(lines).replace("$$", "$$$$") + "\n"
