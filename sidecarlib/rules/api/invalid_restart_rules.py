"""The restart rules of a container are incomplete or name something unknown.

What it does:
    Finds `restartPolicyRules` without a `restartPolicy` beside them, more than 20 of them, and rules with an unknown action, without
    `exitCodes`, or with another operator than In and NotIn.

Why it matters:
    The API server of Kubernetes 1.35 and newer refuses the Pod (`validateContainerRestartPolicy`; measured on 1.37.2). Older ones do
    not read the rules at all, see `unsupported-restart-rules`.

When it is fine:
    Never.

References:
    KEP-5307, KEP-5532; `pkg/apis/core/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import items, mapping
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity

RULE = Rule(__name__, severity=Severity.ERROR, since="1.35")

ACTIONS = ("Restart", "RestartAllContainers")
OPERATORS = ("In", "NotIn")
MOST = 20
_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: worker}}
spec:
  restartPolicy: Never
  containers:
  - name: worker
    image: worker:1.0
    {fields}
"""
_RULE = "{action: Restart, exitCodes: {operator: In, values: [42]}}"

GOOD = (
    Good(manifest=_POD.format(fields=f"restartPolicy: Never\n    restartPolicyRules: [{_RULE}]"), kubernetes="1.35"),
    Good(manifest=_POD.format(fields="restartPolicy: OnFailure"), kubernetes="1.37"),
)
BAD = (
    Bad(
        manifest=_POD.format(fields=f"restartPolicyRules: [{_RULE}]"),
        at="/spec/containers/0/restartPolicy",
        kubernetes="1.35",
    ),
    Bad(
        manifest=_POD.format(fields=f"restartPolicy: Never\n    restartPolicyRules: [{', '.join([_RULE] * 21)}]"),
        at="/spec/containers/0/restartPolicyRules",
        kubernetes="1.37",
    ),
    Bad(
        manifest=_POD.format(fields=f"restartPolicy: Never\n    restartPolicyRules: [{_RULE}, {{action: Restart}}]"),
        at="/spec/containers/0/restartPolicyRules/1/exitCodes",
        kubernetes="1.37",
    ),
    Bad(
        manifest=_POD.format(
            fields=f"restartPolicy: Never\n    restartPolicyRules: [{_RULE.replace('Restart', 'Stop')}]"
        ),
        at="/spec/containers/0/restartPolicyRules/0/action",
        kubernetes="1.37",
    ),
    Bad(
        manifest=_POD.format(fields=f"restartPolicy: Never\n    restartPolicyRules: [{_RULE.replace(' In,', ' Is,')}]"),
        at="/spec/containers/0/restartPolicyRules/0/exitCodes/operator",
        kubernetes="1.37",
    ),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Reads the restart rules of every container that has some."""
    for container in pod.containers():
        if (rules := container.spec.get("restartPolicyRules")) is not None:
            yield from _read(container, items(rules))


def _read(container: ContainerView, rules: Sequence[Any]) -> Iterator[Finding]:
    if rules and container.spec.get("restartPolicy") is None:
        yield RULE.finding(
            container,
            "restartPolicy",
            what="restart rules without a restart policy",
            instead="write the restart policy for all that no rule matches: Never, OnFailure or Always",
        )
    if len(rules) > MOST:
        yield RULE.finding(
            container, "restartPolicyRules", what=f"{len(rules)} restart rules", instead=f"write at most {MOST}"
        )
    for index, rule in enumerate(rules):
        action = mapping(rule).get("action")
        codes = mapping(rule).get("exitCodes")
        place = ("restartPolicyRules", index)
        if action not in ACTIONS:
            yield RULE.finding(
                container, *place, "action", what=f"unknown action {action!r}", instead=f"write {' or '.join(ACTIONS)}"
            )
        if codes is None:
            yield RULE.finding(
                container,
                *place,
                "exitCodes",
                what="no exit codes",
                instead="write exitCodes with an operator and values",
            )
        elif (operator := mapping(codes).get("operator")) not in OPERATORS:
            yield RULE.finding(
                container,
                *place,
                "exitCodes",
                "operator",
                what=f"unknown operator {operator!r}",
                instead="write In or NotIn",
            )
