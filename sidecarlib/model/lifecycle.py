"""What the kubelet does right after a container's start and before its stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.frozen import EMPTY, thaw
from sidecarlib.model.names import port_name

__all__ = ["Hook", "Lifecycle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One hook, made by `Hook.exec`, `Hook.http` or `Hook.sleep`.

    There is no tcp hook: the API server accepts one and it fails every time.
    """

    handler: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("Hook")
        assign(self, handler=checks.mapping("handler", self.handler))
        if len(self.handler) != 1:
            checks.add("a hook needs exactly one handler", "handler", "use Hook.exec, Hook.http or Hook.sleep")
        checks.raise_if_any()

    @classmethod
    def exec(cls, command: Sequence[str]) -> Hook:
        """Run `command` inside the container. A post-start hook has no timeout: one that hangs blocks even deletion."""
        checks = Checks("Hook.exec")
        words = checks.texts("command", command)
        if not words:
            checks.add("no command", "command", "write the program and its arguments as a list")
        checks.raise_if_any()
        return cls(handler={"exec": {"command": list(words)}})

    @classmethod
    def http(cls, path: str, *, port: int | str, scheme: str | None = None) -> Hook:
        """GET `path` at the Pod's IP; the status of the answer is ignored."""
        checks = Checks("Hook.http")
        if not isinstance(path, str) or not path.startswith("/"):
            checks.add(f"{path!r} is no path", "path", "write a path that starts with '/'")
        if isinstance(port, str):
            checks.text("port", port, syntax=port_name)
        else:
            checks.port("port", port)
        checks.choice("scheme", scheme, ("HTTP", "HTTPS"))
        checks.raise_if_any()
        action: dict[str, Any] = {"path": path, "port": port}
        return cls(handler={"httpGet": action if scheme is None else {**action, "scheme": scheme}})

    @classmethod
    def sleep(cls, seconds: int) -> Hook:
        """Wait this many whole seconds (Kubernetes 1.30 or newer)."""
        checks = Checks("Hook.sleep")
        checks.integer("seconds", seconds)
        checks.raise_if_any()
        return cls(handler={"sleep": {"seconds": seconds}})

    def render(self) -> dict[str, Any]:
        """The hook of a container's `lifecycle`."""
        rendered: dict[str, Any] = thaw(self.handler)
        return rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The hooks of a container.

    At a Pod's deletion the pre-stop hooks of sidecars run at once, together with those of the application: one that
    ends the sidecar ends it while the application still works.
    """

    post_start: Hook | None = None
    pre_stop: Hook | None = None

    def __post_init__(self) -> None:
        checks = Checks("Lifecycle")
        checks.instance("post_start", self.post_start, Hook, "Hook")
        checks.instance("pre_stop", self.pre_stop, Hook, "Hook")
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """A container's `lifecycle`."""
        hooks = {"postStart": self.post_start, "preStop": self.pre_stop}
        return {name: hook.render() for name, hook in hooks.items() if hook is not None}
