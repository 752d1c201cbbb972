"""A StatefulSet's name leaves no room for what comes behind it.

What it does:
    Finds names of StatefulSets of 53 to 63 characters.

Why it matters:
    The API server accepts them, and no Pod is ever created: the controller puts a label on each Pod that is the name, `-` and a hash
    of the template, mostly of ten characters, and labels end at 63 (`FailedCreate`: `metadata.labels: must be no more than 63
    bytes`). At 53 characters it depends on the template: of eight, four got Pods and four got none, at 54 none of eight did
    (measured on Kubernetes 1.37.2).

When it is fine:
    At 53 characters, for a template that already runs; the next change of it may be one that does not.

References:
    kubernetes issue 64023; `pkg/controller/history/controller_history.go`, ControllerRevisionName.
"""

from __future__ import annotations

from collections.abc import Iterator

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.model.names import LABEL_LENGTH
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Confidence, Severity
from sidecarlib.rules.frame.workload import workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, confidence=Confidence.LIKELY, needs_kind=True)

LONGEST = 52
MAY_RUN = 53
KINDS = frozenset({"StatefulSet"})
_STATEFUL_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: db}}}}
  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      containers:
      - {{name: db, image: db:1.0}}
"""

GOOD = (Good(manifest=_STATEFUL_SET.format(name="d" * 52)),)
BAD = (
    Bad(manifest=_STATEFUL_SET.format(name="d" * 53), at="/metadata/name"),
    Bad(manifest=_STATEFUL_SET.format(name="d" * 54), at="/metadata/name"),
    Bad(manifest=_STATEFUL_SET.format(name="d" * 63), at="/metadata/name"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Counts the characters of a StatefulSet's name."""
    workload = workload_of(pod, among=KINDS)
    if workload is None:
        return
    name = workload.get("metadata", "name")
    if isinstance(name, str) and LONGEST < len(name) <= LABEL_LENGTH:
        at_times = len(name) == MAY_RUN
        yield workload_finding(
            RULE,
            workload,
            "metadata",
            "name",
            what=f"a name of {len(name)} characters, too long for the label that each Pod gets"
            + (", with many a template" if at_times else ""),
            instead=f"use at most {LONGEST} characters",
            severity=Severity.WARNING if at_times else None,
        )
