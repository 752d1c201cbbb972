"""A container has restart rules, or an init container a policy, that the target version does not take.

What it does:
    Finds, for target versions up to 1.35: `restartPolicy: Never` and `OnFailure` on init containers and `restartPolicyRules` on any
    container before 1.35, and before 1.36 rules on a sidecar and the action RestartAllContainers.

Why it matters:
    Up to 1.33 the API server refuses the policies (`Unsupported value: "Never": supported values: "Always"`), and rules are an
    unknown field to it. 1.34 drops both without a word (`dropContainerRestartRules`, gate ContainerRestartRules off). 1.35 refuses rules
    on sidecars and the action RestartAllContainers. Read in the sources of 1.33.5, 1.34.1 and 1.35.0; 1.37.2 accepts all of
    them (measured).

When it is fine:
    With the feature gates ContainerRestartRules (1.34) and RestartAllContainersOnContainerExits (1.35) on.

References:
    KEP-5307, KEP-5532; `pkg/apis/core/validation/validation.go`, `pkg/api/pod/util.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.container_view import ContainerView, Role
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, until="1.35")

DROPPED_IN = (1, 34)
RULES_SINCE = (1, 35)
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: work}}
spec:
  restartPolicy: OnFailure
  initContainers:
  - {{name: migrate, image: work:1.0{migrate}}}
  - {{name: proxy, image: proxy:1.0, restartPolicy: Always{proxy}}}
  containers:
  - {{name: work, image: work:1.0}}
"""
_RULES = ", restartPolicyRules: [{{action: {action}, exitCodes: {{operator: In, values: [42]}}}}]"
_RESTART = _RULES.format(action="Restart")
_RESTART_ALL = _RULES.format(action="RestartAllContainers")
_INIT = "/spec/initContainers"

GOOD = (
    Good(manifest=_POD.format(migrate="", proxy="")),
    Good(manifest=_POD.format(migrate=", restartPolicy: Never" + _RESTART, proxy=""), kubernetes="1.35"),
    Good(manifest=_POD.format(migrate="", proxy=_RESTART_ALL), kubernetes="1.36"),
)
BAD = (
    Bad(manifest=_POD.format(migrate=", restartPolicy: Never", proxy=""), at=f"{_INIT}/0/restartPolicy"),
    Bad(
        manifest=_POD.format(migrate=", restartPolicy: OnFailure", proxy=""),
        at=f"{_INIT}/0/restartPolicy",
        kubernetes="1.34",
    ),
    Bad(manifest=_POD.format(migrate="", proxy=_RESTART), at=f"{_INIT}/1/restartPolicyRules", kubernetes="1.32"),
    Bad(manifest=_POD.format(migrate="", proxy=_RESTART), at=f"{_INIT}/1/restartPolicyRules", kubernetes="1.35"),
    Bad(
        manifest=_POD.format(migrate=", restartPolicy: Never" + _RESTART_ALL, proxy=""),
        at=f"{_INIT}/0/restartPolicyRules/0/action",
        kubernetes="1.35",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Looks for own policies and rules in every container."""
    version = pod.version
    minor = (0, 0) if version is None else (version.major, version.minor)
    for container in pod.containers():
        spec = container.spec
        policy, rules = spec.get("restartPolicy"), spec.get("restartPolicyRules")
        if policy is None and rules is None:
            continue
        if minor >= RULES_SINCE:
            yield from _before_restart_all(container)
            continue
        severity = Severity.WARNING if minor == DROPPED_IN else None
        verdict = "drops" if severity else "refuses"
        if policy in ("Never", "OnFailure") and container.role is Role.RUN_ONCE_INIT:
            yield RULE.finding(
                container,
                "restartPolicy",
                what=f"restart policy {policy} on an init container, which Kubernetes {version} {verdict}",
                instead="leave it out, or target 1.35 or newer",
                severity=severity,
            )
        if rules:
            yield RULE.finding(
                container,
                "restartPolicyRules",
                what=f"restart rules, which Kubernetes {version} {verdict}",
                instead="leave them out, or target 1.35 or newer",
                severity=severity,
            )


def _before_restart_all(container: ContainerView) -> Iterator[Finding]:
    """What 1.35 does not take yet."""
    rules = items(container.spec.get("restartPolicyRules"))
    if rules and container.role is Role.NATIVE_SIDECAR:
        yield RULE.finding(
            container,
            "restartPolicyRules",
            what="restart rules on a sidecar",
            instead="leave them out, or target 1.36 or newer",
        )
        return
    for index, rule in enumerate(rules):
        if mapping(rule).get("action") == "RestartAllContainers":
            yield RULE.finding(
                container,
                "restartPolicyRules",
                index,
                "action",
                what="the action RestartAllContainers",
                instead="write Restart, or target 1.36 or newer",
            )
