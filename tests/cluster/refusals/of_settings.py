"""Resources, security settings and restart policies of containers that the API server refuses as well."""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib import Resources, SecurityContext
from tests.cluster.refusals.case import Case, for_this_server, init, main, raw_init, raw_main, raw_sidecar, sidecar


def cases() -> Iterator[Case]:
    """What a container may use and do, and when it is restarted."""
    yield from _resources()
    yield from _security()
    yield from _restarts()


def _resources() -> Iterator[Case]:
    for text in ("abc", "1gb", "1.2.3", "--1", "1e", "0x10", "1,5", "-1"):
        yield Case(
            name=f"quantity {text!r}",
            ours=lambda text=text: Resources(requests={"memory": text}),  # type: ignore[misc]
            theirs=raw_main(resources={"requests": {"memory": text}}),
        )
    yield Case(
        name="request above its limit",
        ours=lambda: Resources(requests={"cpu": "2"}, limits={"cpu": "1900m"}),
        theirs=raw_main(resources={"requests": {"cpu": "2"}, "limits": {"cpu": "1900m"}}),
    )
    for name, amount in (("a b", "1"), ("gpu", "1"), ("requests.example.com/gpu", "1"), ("example.com/gpu", "500m")):
        yield Case(
            name=f"resource {name} {amount}",
            ours=lambda name=name, amount=amount: Resources(limits={name: amount}),  # type: ignore[misc]
            theirs=raw_main(resources={"limits": {name: amount}}),
        )


def _security() -> Iterator[Case]:
    for profile in ({"type": "Mine"}, {"type": "Localhost"}, {"type": "RuntimeDefault", "localhostProfile": "a.json"}):
        yield Case(
            name=f"seccomp profile {profile}",
            ours=lambda profile=profile: SecurityContext(seccomp_profile=profile),  # type: ignore[misc]
            theirs=raw_main(securityContext={"seccompProfile": profile}),
        )
    powers = {"capabilities": {"add": ["CAP_SYS_ADMIN"]}, "allowPrivilegeEscalation": False}
    yield Case(
        name="administrator without privilege escalation",
        ours=lambda: SecurityContext(capabilities_add=["CAP_SYS_ADMIN"], allow_privilege_escalation=False),
        theirs=raw_main(securityContext=powers),
    )
    for field, key in (("run_as_user", "runAsUser"), ("run_as_group", "runAsGroup")):
        for number in (-1, 2**31):
            yield Case(
                name=f"{field} {number}",
                ours=lambda field=field, number=number: SecurityContext(**{field: number}),  # type: ignore[misc]
                theirs=raw_main(securityContext={key: number}),
            )


def _restarts() -> Iterator[Case]:
    for policy in ("Sometimes", ""):
        yield Case(
            name=f"restart policy {policy!r} of an init container",
            ours=init(extra={"restartPolicy": policy}),
            theirs=raw_init(restartPolicy=policy),
        )
    handler = {"exec": {"command": ["true"]}}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        yield Case(
            name=f"{probe} of an init container", ours=init(extra={probe: handler}), theirs=raw_init(**{probe: handler})
        )
    hook = {"preStop": handler}
    yield Case(name="hook of an init container", ours=init(extra={"lifecycle": hook}), theirs=raw_init(lifecycle=hook))
    resize = [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]
    yield Case(
        name="resize with a restart of an init container",
        ours=for_this_server(init(extra={"resizePolicy": resize})),
        theirs=raw_init(resizePolicy=resize),
    )
    yield Case(
        name="restart rules without a policy",
        ours=for_this_server(main(extra={"restartPolicyRules": [RULE]})),
        theirs=raw_main(restartPolicyRules=[RULE]),
    )
    wrong = {**RULE, "action": "Die"}
    yield Case(
        name="action of a restart rule",
        ours=for_this_server(sidecar(extra={"restartPolicyRules": [wrong]})),
        theirs=raw_sidecar(restartPolicyRules=[wrong]),
    )


RULE = {"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}
