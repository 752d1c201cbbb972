"""The options that every sidecar of the catalogue has under the same names: their checks, and the container they shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sidecarlib.model.checks import Checks, Named, assign
from sidecarlib.model.container import PULL_POLICIES
from sidecarlib.model.container_port import ContainerPort
from sidecarlib.model.environment import EnvVar, environment
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.image import image_problem
from sidecarlib.model.names import dns_label
from sidecarlib.model.native_sidecar import NativeSidecar
from sidecarlib.model.probe import Probe
from sidecarlib.model.resources import Resources
from sidecarlib.model.security import LARGEST_ID, SecurityContext
from sidecarlib.model.volume import VolumeMount
from sidecarlib.model.wait_for import WaitFor


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedOptions:
    """What every sidecar of the catalogue can be told; a product's class is derived from it and writes its own defaults.

    `startup_probe=None` is the product's own gate, `liveness_probe=None` none at all, `run_as_user=None` leaves the user to the
    image or the cluster. `security_context` replaces the `restricted` one, user included. `extra_args` and `extra_env` follow
    the product's own; `extra` are further fields of the container in camelCase.
    """

    name: str
    image: str
    image_pull_policy: str | None = None
    startup_probe: Probe | WaitFor | None = None
    liveness_probe: Probe | None = None
    resources: Resources | None = None
    run_as_user: int | None = None
    security_context: SecurityContext | None = None
    extra_args: Sequence[str] = ()
    extra_env: Sequence[EnvVar] | Mapping[str, str] = ()
    uses: Sequence[str | Named] = ()
    after: Sequence[str | Named] = ()
    extra: Mapping[str, Any] = EMPTY


def check_shared_options(checks: Checks, options: SharedOptions) -> None:
    """Notes what is wrong with the shared options, and freezes those that are lists or mappings."""
    checks.text("name", options.name, syntax=dns_label)
    checks.text("image", options.image, syntax=image_problem)
    checks.choice("image_pull_policy", options.image_pull_policy, PULL_POLICIES)
    checks.instance("startup_probe", options.startup_probe, (Probe, WaitFor), "Probe or WaitFor")
    checks.instance("liveness_probe", options.liveness_probe, Probe, "Probe")
    checks.instance("resources", options.resources, Resources, "Resources")
    checks.instance("security_context", options.security_context, SecurityContext, "SecurityContext")
    checks.optional_integer("run_as_user", options.run_as_user, minimum=1, maximum=LARGEST_ID)
    assign(
        options,
        extra_args=checks.texts("extra_args", options.extra_args),
        extra_env=environment(checks, options.extra_env, "extra_env"),
        uses=checks.names("uses", options.uses),
        after=checks.names("after", options.after),
        extra=checks.mapping("extra", options.extra),
    )


def shared_container(
    options: SharedOptions,
    *,
    startup_probe: Probe | WaitFor,
    command: Sequence[str] = (),
    args: Sequence[str] = (),
    env: Sequence[EnvVar] = (),
    ports: Sequence[ContainerPort] = (),
    volume_mounts: Sequence[VolumeMount] = (),
    run_as_group: int | None = None,
) -> NativeSidecar:
    """The container of a sidecar: what the product brings, then what its shared options add.

    `startup_probe` is the product's own gate, used where the options have none. Behind a `WaitFor` liveness is asked only when the
    gate's time is over, as nothing else holds it back. It passes the `restricted` Pod Security Standard.
    """
    gate = startup_probe if options.startup_probe is None else options.startup_probe
    liveness = options.liveness_probe
    if isinstance(gate, WaitFor) and liveness is not None:
        liveness = replace(liveness, initial_delay_seconds=max(gate.within, liveness.initial_delay_seconds))
    restricted = SecurityContext.restricted(
        run_as_user=options.run_as_user,
        run_as_group=None if options.run_as_user is None else run_as_group,
    )
    return NativeSidecar(
        name=options.name,
        image=options.image,
        image_pull_policy=options.image_pull_policy,
        command=command,
        args=(*args, *options.extra_args),
        env=(*env, *environment(Checks(options.name), options.extra_env)),
        ports=ports,
        volume_mounts=volume_mounts,
        startup_probe=gate,
        liveness_probe=liveness,
        resources=options.resources,
        security_context=options.security_context or restricted,
        uses=options.uses,
        after=options.after,
        extra=options.extra,
    )
