"""What composition takes from a sidecar that anybody may have written: each member asked once, and checked."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sidecarlib.errors import InvalidValueError, Problem, Problems
from sidecarlib.model.checks import Checks
from sidecarlib.model.environment import EnvVar
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.names import file_key
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.sidecar import Sidecar
from sidecarlib.model.volume import Volume, VolumeMount


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members of a sidecar, without what is wrong in them.

    `variables` and `mounts` are what its users get; `refusals` is why it cannot tell, which matters to users alone.
    `rendered_paths` are the files that it writes, None when it does not say.
    """

    uses: tuple[str, ...] = ()
    volumes: tuple[Volume, ...] = ()
    files: Mapping[str, str] = EMPTY
    stops_within: float | None = None
    variables: tuple[EnvVar, ...] = ()
    mounts: tuple[VolumeMount, ...] = ()
    refusals: tuple[Problem, ...] = ()
    rendered_paths: tuple[str, ...] | None = None


NO_MEMBERS = Members()


def members_of(sidecar: Sidecar, problems: Problems) -> Members:
    """The members of a sidecar; what is wrong with them goes to `problems`, in the words of `NativeSidecar`."""
    if sidecar.__class__ is NativeSidecar:
        return Members(
            uses=tuple(map(str, sidecar.uses)),
            volumes=tuple(sidecar.volumes),
            files=sidecar.files,
            stops_within=sidecar.stops_within,
        )
    checks = Checks(f"sidecar {sidecar.name!r}")
    refusals: list[Problem] = []
    members = Members(
        uses=checks.names("uses", sidecar.uses),
        volumes=checks.items("volumes", sidecar.volumes, Volume),
        files=_files(checks, sidecar.files),
        stops_within=_seconds(checks, sidecar.stops_within),
        variables=checks.items("env()", _offered(sidecar, "env", refusals), EnvVar),
        mounts=checks.items("mounts()", _offered(sidecar, "mounts", refusals), VolumeMount),
        refusals=tuple(refusals),
        rendered_paths=_rendered_paths(checks, getattr(sidecar, "rendered_paths", None)),
    )
    problems.extend(checks.noted)
    return members


def _files(checks: Checks, value: object) -> Mapping[str, str]:
    files = checks.text_mapping("files", value)
    sound: dict[str, str] = {}
    for path, text in files.items():
        before = len(checks.noted)
        checks.path("files", path)
        directory, _, name = path.rpartition("/")
        instead = file_key(name) if directory else "write a path in a directory of its own"
        if instead is None and posixpath.normpath(path) != path:
            instead = f"write {posixpath.normpath(path)!r}"
        if instead is not None:
            checks.add(f"{path!r} cannot be a mounted file", "files", instead)
        if len(checks.noted) == before and isinstance(text, str):
            sound[path] = text
    return files if len(sound) == len(files) else sound


def _seconds(checks: Checks, value: object) -> float | None:
    if value is None:
        return None
    before = len(checks.noted)
    checks.seconds("stops_within", value)
    return value if len(checks.noted) == before and isinstance(value, (int, float)) else None


def _offered(sidecar: Sidecar, method: str, refusals: list[Problem]) -> Any:
    offer: Callable[[], Any] | None = getattr(sidecar, method, None)
    if not callable(offer):
        return ()
    try:
        return offer()
    except InvalidValueError as error:
        refusals.extend(error.problems)
        return ()


def _rendered_paths(checks: Checks, value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    return checks.texts("rendered_paths", sorted(value, key=str) if isinstance(value, (set, frozenset)) else value)
