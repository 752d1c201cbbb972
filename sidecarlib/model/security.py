"""Security settings of one container and of a whole Pod."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sidecarlib.model.checks import Checks, assign
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY, FrozenMap, thaw

__all__ = ["PodSecurityContext", "SecurityContext"]

LARGEST_ID = 2**31 - 1
RUNTIME_DEFAULT: FrozenMap[Any] = FrozenMap({"type": "RuntimeDefault"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityContext:
    """Security settings of a container; `SecurityContext.restricted()` passes the `restricted` Pod Security Standard.

    `capabilities_add` and `capabilities_drop` are names without `CAP_`; ids are numeric; `extra` takes the remaining
    fields in camelCase. Raises `InvalidValueError`.
    """

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    read_only_root_filesystem: bool | None = None
    allow_privilege_escalation: bool | None = None
    privileged: bool | None = None
    capabilities_add: Sequence[str] = ()
    capabilities_drop: Sequence[str] = ()
    seccomp_profile: Mapping[str, Any] = EMPTY
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("SecurityContext")
        for name in ("run_as_user", "run_as_group"):
            checks.optional_integer(name, getattr(self, name), maximum=LARGEST_ID)
        for name in ("run_as_non_root", "read_only_root_filesystem", "allow_privilege_escalation", "privileged"):
            checks.flag(name, getattr(self, name))
        if self.run_as_non_root and self.run_as_user == 0:
            checks.add("user 0 is root", "run_as_user", "write another user, or leave run_as_non_root out")
        added = checks.texts("capabilities_add", self.capabilities_add)
        administers = "SYS_ADMIN" in added or "CAP_SYS_ADMIN" in added
        if self.allow_privilege_escalation is False and (self.privileged or administers):
            checks.add(
                "no privilege escalation for a privileged container", "allow_privilege_escalation", "leave it out"
            )
        assign(
            self,
            capabilities_add=added,
            capabilities_drop=checks.texts("capabilities_drop", self.capabilities_drop),
            seccomp_profile=_seccomp_profile(checks, self.seccomp_profile),
            extra=checks.mapping("extra", self.extra),
        )
        checks.raise_if_any()

    @classmethod
    def restricted(
        cls, *, run_as_user: int | None = None, run_as_group: int | None = None, read_only_root_filesystem: bool = True
    ) -> SecurityContext:
        """What the `restricted` Pod Security Standard asks for, and a read-only root file system.

        `run_as_user=None` leaves the user to the image or to the cluster (OpenShift gives each namespace its own).
        """
        try:
            return _restricted(run_as_user, run_as_group, read_only_root_filesystem)
        except TypeError:  # a list has no hash; the constructor says what is wrong with it
            return _restricted.__wrapped__(run_as_user, run_as_group, read_only_root_filesystem)

    def render(self) -> dict[str, Any]:
        """A container's `securityContext`."""
        capabilities = {"add": list(self.capabilities_add), "drop": list(self.capabilities_drop)}
        rendered = _set_fields(
            runAsUser=self.run_as_user,
            runAsGroup=self.run_as_group,
            runAsNonRoot=self.run_as_non_root,
            readOnlyRootFilesystem=self.read_only_root_filesystem,
            allowPrivilegeEscalation=self.allow_privilege_escalation,
            privileged=self.privileged,
            capabilities={name: names for name, names in capabilities.items() if names} or None,
            seccompProfile=thaw(self.seccomp_profile) or None,
        )
        return merge_extra(rendered, self.extra, "SecurityContext")


@lru_cache(maxsize=256, typed=True)  # typed: True and 1.0 are no users, although they equal 1
def _restricted(
    run_as_user: int | None,
    run_as_group: int | None,
    read_only_root_filesystem: bool,  # noqa: FBT001 - called by position, which is what the cache is fast with
) -> SecurityContext:
    return SecurityContext(
        run_as_user=run_as_user,
        run_as_group=run_as_group,
        run_as_non_root=True,
        read_only_root_filesystem=read_only_root_filesystem,
        allow_privilege_escalation=False,
        capabilities_drop=("ALL",),
        seccomp_profile=RUNTIME_DEFAULT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PodSecurityContext:
    """Security settings that hold for every container of a Pod; `extra` takes the remaining fields in camelCase."""

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    fs_group: int | None = None
    fs_group_change_policy: str | None = None
    supplemental_groups: Sequence[int] = ()
    seccomp_profile: Mapping[str, Any] = EMPTY
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks("PodSecurityContext")
        for name in ("run_as_user", "run_as_group", "fs_group"):
            checks.optional_integer(name, getattr(self, name), maximum=LARGEST_ID)
        checks.flag("run_as_non_root", self.run_as_non_root)
        checks.choice("fs_group_change_policy", self.fs_group_change_policy, ("OnRootMismatch", "Always"))
        groups = checks.items("supplemental_groups", self.supplemental_groups)
        for group in groups:
            checks.integer("supplemental_groups", group, maximum=LARGEST_ID)
        assign(
            self,
            supplemental_groups=groups,
            seccomp_profile=_seccomp_profile(checks, self.seccomp_profile),
            extra=checks.mapping("extra", self.extra),
        )
        checks.raise_if_any()

    def render(self) -> dict[str, Any]:
        """A Pod's `securityContext`."""
        rendered = _set_fields(
            runAsUser=self.run_as_user,
            runAsGroup=self.run_as_group,
            runAsNonRoot=self.run_as_non_root,
            fsGroup=self.fs_group,
            fsGroupChangePolicy=self.fs_group_change_policy,
            supplementalGroups=list(self.supplemental_groups) or None,
            seccompProfile=thaw(self.seccomp_profile) or None,
        )
        return merge_extra(rendered, self.extra, "PodSecurityContext")


def _seccomp_profile(checks: Checks, value: object) -> FrozenMap[Any]:
    profile = checks.mapping("seccomp_profile", value)
    if not profile:
        return profile
    checks.choice("seccomp_profile", profile.get("type", ""), ("RuntimeDefault", "Unconfined", "Localhost"))
    if (profile.get("type") == "Localhost") != ("localhostProfile" in profile):
        checks.add("a localhostProfile goes with the type Localhost", "seccomp_profile", "write both or neither")
    return profile


def _set_fields(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
