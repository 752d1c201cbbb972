"""A field is set that the target version does not know, drops or refuses.

What it does:
    Finds, with the first version that takes them without a feature gate: a Job's `backoffLimitPerIndex`, `maxFailedIndexes` and
    `podReplacementPolicy` (1.29), `successPolicy` (1.31) and `managedBy` (1.32); a StatefulSet's `maxUnavailable` (1.37); volumes of
    kind `image` (1.35); names of variables beyond letters, digits, `_`, `-` and `.` (1.32); and `lifecycle.stopSignal`, which no
    version up to 1.37 takes.

Why it matters:
    A version that knows the field drops it without a word while its gate is off (`PrepareForCreate` of Jobs,
    `dropImageVolumes`, which drops the mounts too, `dropContainerStopSignals`), an older one does not know it: kubectl
    refuses it, other clients lose it. The workload then runs without what was asked for: a warning for `stopSignal` and
    `maxUnavailable`, with which it only stops or rolls in another way. Variable names are refused (`ValidateEnv`):
    `a valid environment variable name must consist of ...`. The versions are those that `kube_features.go` records;
    1.37.2 drops `stopSignal` (measured).

When it is fine:
    With the feature gate on, in the API server and where the field is used.

References:
    KEP-3850, KEP-3939, KEP-3998, KEP-4368, KEP-961, KEP-4639, KEP-4369, KEP-4960; `pkg/features/kube_features.go`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.manifests.reading import mapping, mappings
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.rule import Bad, Good, Rule
from sidecarlib.rules.frame.severity import Severity
from sidecarlib.rules.frame.workload import JOB_KINDS, workload_finding, workload_of

RULE = Rule(__name__, severity=Severity.ERROR, until="1.37")


class Field(NamedTuple):
    """The minors of 1 in which a field came behind its gate, and in which the gate is on (None: in none up to 1.37)."""

    gate: str
    known: int
    on: int | None

    def lacking(self, minor: int) -> bool:
        """Whether a minor version does not take the field by itself."""
        return self.on is None or minor < self.on

    def what(self, name: str, minor: int) -> str:
        """What the version does with the field."""
        does = f"drops unless {self.gate} is on" if minor >= self.known else "does not know"
        return f"{name}, which Kubernetes 1.{minor} {does}"

    @property
    def instead(self) -> str:
        """What to write."""
        return "leave it out" if self.on is None else f"leave it out, or target 1.{self.on} or newer"


JOB_FIELDS = {
    "backoffLimitPerIndex": Field("JobBackoffLimitPerIndex", 28, 29),
    "maxFailedIndexes": Field("JobBackoffLimitPerIndex", 28, 29),
    "podReplacementPolicy": Field("JobPodReplacementPolicy", 28, 29),
    "successPolicy": Field("JobSuccessPolicy", 30, 31),
    "managedBy": Field("JobManagedBy", 30, 32),
}
JOBS_COMPLETE_IN = 32
MAX_UNAVAILABLE = Field("MaxUnavailableStatefulSet", 24, 37)
MAX_UNAVAILABLE_PATH = ("spec", "updateStrategy", "rollingUpdate", "maxUnavailable")
IMAGE_VOLUME = Field("ImageVolume", 31, 35)
STOP_SIGNAL = Field("ContainerStopSignals", 33, None)
ANY_NAME_SINCE = 32
_STRICT_NAME = re.compile(r"(?!\.\.|\.$)[-._a-zA-Z][-._a-zA-Z0-9]*")
"""`IsEnvVarName`, which versions before `IsRelaxedEnvVarName` apply."""

_POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  os: {{name: linux}}
  volumes: [{{name: files{volume}}}]
  containers:
  - {{name: web, image: web:1.0{web}}}
"""
_JOB = """
apiVersion: batch/v1
kind: Job
metadata: {{name: nightly}}
spec:
  completionMode: Indexed
  completions: 2
  {field}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {{name: work, image: work:1.0}}
"""
_STATEFUL_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: db:1.0}
"""
_PER_INDEX = _JOB.format(field="backoffLimitPerIndex: 1")
_REPLACEMENT = _JOB.format(field="podReplacementPolicy: Failed")
_SUCCESS = _JOB.format(field="successPolicy: {rules: [{succeededCount: 1}]}")
_MANAGED = _JOB.format(field="managedBy: example.com/queue")
_IMAGE = _POD.format(volume=", image: {reference: files:1.0}", web="")
_STOP = _POD.format(volume="", web=", lifecycle: {stopSignal: SIGUSR1}")
_NAME = _POD.format(volume="", web=", env: [{name: 1st key, value: x}]")
_PREFIX = _POD.format(volume="", web=", envFrom: [{prefix: 9-x_, secretRef: {name: keys}}]")

GOOD = (
    Good(manifest=_PER_INDEX, kubernetes="1.29"),
    Good(manifest=_REPLACEMENT, kubernetes="1.29"),
    Good(manifest=_SUCCESS, kubernetes="1.31"),
    Good(manifest=_MANAGED, kubernetes="1.32"),
    Good(manifest=_STATEFUL_SET, kubernetes="1.37"),
    Good(manifest=_IMAGE, kubernetes="1.35"),
    Good(manifest=_NAME, kubernetes="1.32"),
    Good(manifest=_POD.format(volume="", web=", env: [{name: _a-b.c, value: x}]"), kubernetes="1.31"),
)
BAD = (
    Bad(manifest=_PER_INDEX, at="/spec/backoffLimitPerIndex", kubernetes="1.28"),
    Bad(manifest=_REPLACEMENT, at="/spec/podReplacementPolicy", kubernetes="1.27"),
    Bad(manifest=_SUCCESS, at="/spec/successPolicy", kubernetes="1.30"),
    Bad(manifest=_MANAGED, at="/spec/managedBy", kubernetes="1.31"),
    Bad(manifest=_STATEFUL_SET, at="/spec/updateStrategy/rollingUpdate/maxUnavailable", kubernetes="1.36"),
    Bad(manifest=_IMAGE, at="/spec/volumes/0/image"),
    Bad(manifest=_IMAGE, at="/spec/volumes/0/image", kubernetes="1.30"),
    Bad(manifest=_STOP, at="/spec/containers/0/lifecycle/stopSignal", kubernetes="1.37"),
    Bad(manifest=_STOP, at="/spec/containers/0/lifecycle/stopSignal", kubernetes="1.32"),
    Bad(manifest=_NAME, at="/spec/containers/0/env/0/name", kubernetes="1.31"),
    Bad(manifest=_PREFIX, at="/spec/containers/0/envFrom/0/prefix", kubernetes="1.31"),
)


@RULE
def check(pod: PodView) -> Iterator[Finding]:
    """Compares the fields of the workload, the Pod and its containers with the target version."""
    version = pod.version
    if version is None:
        return
    minor = version.minor
    yield from _of_workload(pod, minor)
    if IMAGE_VOLUME.lacking(minor):
        for index, volume in mappings(pod.spec.get("volumes")):
            if volume.get("image") is not None:
                yield RULE.finding(
                    pod,
                    "volumes",
                    index,
                    "image",
                    what=IMAGE_VOLUME.what("an image as a volume", minor),
                    instead=f"copy the files with an init container, or target 1.{IMAGE_VOLUME.on} or newer",
                )
    for container in pod.containers():
        if mapping(container.spec.get("lifecycle")).get("stopSignal") is not None:
            yield RULE.finding(
                container,
                "lifecycle",
                "stopSignal",
                what=STOP_SIGNAL.what("a stop signal", minor),
                instead="write STOPSIGNAL in the image, or handle SIGTERM",
                severity=Severity.WARNING,
            )
        if minor < ANY_NAME_SINCE:
            yield from _names(container, minor)


def _of_workload(pod: PodView, minor: int) -> Iterator[Finding]:
    """The fields of a Job and of a StatefulSet."""
    if minor < JOBS_COMPLETE_IN and (job := workload_of(pod, among=JOB_KINDS)) is not None:
        for name, field in JOB_FIELDS.items():
            if field.lacking(minor) and job.job_fields.get(name) is not None:
                yield workload_finding(
                    RULE, job, *job.job_path, name, what=field.what(name, minor), instead=field.instead
                )
    if pod.kind == "StatefulSet" and MAX_UNAVAILABLE.lacking(minor):
        stateful_set = workload_of(pod)
        if stateful_set is not None and stateful_set.get(*MAX_UNAVAILABLE_PATH) not in (None, 1):
            yield workload_finding(
                RULE,
                stateful_set,
                *MAX_UNAVAILABLE_PATH,
                what=MAX_UNAVAILABLE.what("maxUnavailable", minor),
                instead=MAX_UNAVAILABLE.instead,
                severity=Severity.WARNING,
            )


def _names(container: ContainerView, minor: int) -> Iterator[Finding]:
    """Names of variables, and the prefixes of those that come from a ConfigMap or a Secret."""
    for field, key in (("env", "name"), ("envFrom", "prefix")):
        for index, variable in mappings(container.spec.get(field)):
            name = variable.get(key)
            if isinstance(name, str) and name and _STRICT_NAME.fullmatch(name) is None:
                yield RULE.finding(
                    container,
                    field,
                    index,
                    key,
                    what=f"the {key} {name!r} of a variable, which Kubernetes 1.{minor} refuses",
                    instead="use letters, digits, '_', '-' and '.', not starting with a digit or '..', "
                    f"or target 1.{ANY_NAME_SINCE} or newer",
                )
