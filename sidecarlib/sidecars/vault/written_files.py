"""What an agent writes: files rendered from templates, and its token.

https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent/template and …/autoauth/sinks/file; keys read in
Vault 1.21.0 and consul-template 0.41.1 (config/template.go), which decode a template strictly: an unknown key ends
the agent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.errors import InvalidValueError
from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY, FrozenMap
from sidecarlib.sidecars.vault.syntax import absolute_path, duration, file_mode, relative_path

__all__ = ["VaultSink", "VaultTemplate"]

LEFT_DELIMITER, RIGHT_DELIMITER = "{{", "}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultTemplate:
    """A file that the agent renders and keeps up to date: `contents` in the template language of Consul Template.

    `destination` is relative to the sidecar's `secrets_directory` (None: the file's name), or an absolute path in a
    volume that the sidecar mounts. `perms` are octal; 0644, which is also Vault's default, can be read by containers
    of any user, 0640 and 0600 only by the agent's own (100), or with a Pod's `fs_group` by its group [measured].
    `error_on_missing_key` is True where Vault's default is False: a field that a secret lacks would be written as
    `<no value>`, and whoever waits for the file would start with it [measured]; Vault's documentation recommends True
    as well. `error_fatal=None` leaves a template that fails alone until its secrets change or are read again, unless
    the agent is told to exit; with True, Vault's default, the agent starts its template server anew after sleeps that
    grow up to 5 min, which SIGTERM has to wait for [measured].

    `command` runs inside the agent's container whenever the content changes, for `command_timeout` at most (Vault's
    default is 30s): the program and its arguments as a list, without a shell. One that fails makes the template server
    start anew after sleeps that grow, with `error_fatal=False` too, and SIGTERM waits for them [measured]. `extra` takes
    further keys, such as `wait`, `sandbox_path`, `function_denylist`. Raises `InvalidValueError`.
    """

    contents: str
    destination: str | None = None
    perms: str = "0644"
    error_on_missing_key: bool = True
    error_fatal: bool | None = None
    left_delimiter: str | None = None
    right_delimiter: str | None = None
    command: Sequence[str] = ()
    command_timeout: str = "30s"
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("VaultTemplate")
        checks.text("contents", self.contents)
        if self.destination is not None:
            checks.text("destination", self.destination, syntax=_destination)
        checks.text("perms", self.perms, syntax=file_mode)
        checks.flag("error_on_missing_key", self.error_on_missing_key)
        checks.flag("error_fatal", self.error_fatal)
        checks.optional_text("left_delimiter", self.left_delimiter)
        checks.optional_text("right_delimiter", self.right_delimiter)
        checks.text("command_timeout", self.command_timeout, syntax=duration)
        assign(self, command=checks.texts("command", self.command), extra=checks.mapping("extra", self.extra))
        self._check_delimiters(checks)
        checks.raise_if_any()
        self.render("/file", error_fatal=False)

    @property
    def runs_command(self) -> bool:
        """Whether the agent runs a program when the content changes: `command`, or Vault's own keys for it in `extra`."""
        return bool(self.command) or not self.extra.keys().isdisjoint(("exec", "command"))

    def render(self, destination: str, *, error_fatal: bool) -> dict[str, Any]:
        """The entry of the configuration's `template`; `error_fatal` holds where the template has none of its own."""
        rendered: dict[str, Any] = {
            "destination": destination,
            "contents": self.contents,
            "perms": self.perms,
            "error_on_missing_key": self.error_on_missing_key,
            "error_fatal": error_fatal if self.error_fatal is None else self.error_fatal,
        }
        if self.left_delimiter is not None:
            rendered["left_delimiter"] = self.left_delimiter
        if self.right_delimiter is not None:
            rendered["right_delimiter"] = self.right_delimiter
        if self.command:
            rendered["exec"] = {"command": list(self.command), "timeout": self.command_timeout}
        return merge_extra(rendered, self.extra, "VaultTemplate")

    def _check_delimiters(self, checks: Checks) -> None:
        left, right = self.left_delimiter or LEFT_DELIMITER, self.right_delimiter or RIGHT_DELIMITER
        if not all(isinstance(text, str) for text in (self.contents, left, right)):
            return
        _, opened, rest = self.contents.rpartition(left)
        if opened and right not in rest:
            checks.add(f"{left + rest[:40]!r} is never closed", "contents", f"write {right!r} behind the last {left!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSink:
    """A file with the agent's token, for programs that talk to Vault themselves.

    `destination` is as in `VaultTemplate`; its directory must be there. `mode` is 0o640 as in Vault: other users than
    the agent's need a Pod's `fs_group`, or 0o644. `wrap_ttl` wraps the token for that long. `extra` takes further
    keys of the sink, such as `dh_type`. Raises `InvalidValueError`.
    """

    destination: str = "vault-token"
    mode: int = 0o640
    wrap_ttl: str | None = None
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("VaultSink")
        checks.text("destination", self.destination, syntax=_destination)
        if isinstance(self.destination, str) and not self.destination.startswith("/") and "/" in self.destination:
            checks.add(f"no directory for {self.destination!r}", "destination", "write a name without '/'")
        checks.integer("mode", self.mode, maximum=0o777)
        if self.wrap_ttl is not None:
            checks.text("wrap_ttl", self.wrap_ttl, syntax=duration)
        assign(self, extra=checks.mapping("extra", self.extra))
        checks.raise_if_any()
        self.render("/file")

    def render(self, destination: str) -> dict[str, Any]:
        """The entry of the configuration's `auto_auth.sink` for an absolute path."""
        rendered: dict[str, Any] = {"type": "file"}
        if self.wrap_ttl is not None:
            rendered["wrap_ttl"] = self.wrap_ttl
        rendered["config"] = {"path": destination, "mode": self.mode}
        return merge_extra(rendered, self.extra, "VaultSink")


class TemplateFiles(FrozenMap[str]):
    """The agent's configuration file (path to text), together with the templates that it was made of.

    A sidecar's `files` are what it reads, yet `VaultAgentSidecar(files=…)` takes what it writes: templates go in,
    this comes out, and `dataclasses.replace` hands it back in. As a default of a field it is a descriptor for type
    checkers; at run time the field is an ordinary one.
    """

    __slots__ = ("templates",)

    def __init__(self, items: Mapping[str, str] | None = None, templates: Mapping[str, VaultTemplate] = EMPTY) -> None:
        super().__init__(items)
        self.templates: FrozenMap[VaultTemplate] = FrozenMap(templates)

    def __get__(self, instance: object, owner: type | None = None) -> TemplateFiles:
        return self

    def __set__(self, instance: object, value: Mapping[str, str | VaultTemplate]) -> None:
        raise AttributeError("files")

    def __reduce__(self) -> Any:
        return TemplateFiles, (dict(self), self.templates)


def templates_of(checks: Checks, value: object) -> FrozenMap[VaultTemplate]:
    """The templates out of what was given as `files`: a template or its bare text under the name of each file."""
    if isinstance(value, TemplateFiles):
        return value.templates
    if not isinstance(value, Mapping):
        checks.add(f"{value!r} is no mapping", "files", "write a dict from a file's name to its template")
        return EMPTY
    found: dict[str, VaultTemplate] = {}
    for name, template in value.items():
        where = f"files[{name!r}]"
        if not isinstance(name, str) or not name:
            checks.add(f"{name!r} is no name of a file", "files", "write text")
        elif isinstance(template, VaultTemplate):
            found[name] = template
        elif isinstance(template, str):
            try:
                found[name] = VaultTemplate(contents=template)
            except InvalidValueError as error:
                for problem in error.problems:
                    checks.add(problem.what, where, problem.instead)
        else:
            checks.add(f"{template!r} is no template", where, "write its text or a VaultTemplate")
    return FrozenMap(found)


def _destination(text: str) -> str | None:
    return absolute_path(text) if text.startswith("/") else relative_path(text)
