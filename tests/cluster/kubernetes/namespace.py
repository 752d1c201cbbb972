"""A namespace that belongs to one test."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import time
from collections.abc import Iterable, Mapping
from typing import Any

from tests.cluster.kubernetes.api import Answer, Api, ApiError, Json
from tests.cluster.kubernetes.conditions import Condition
from tests.cluster.kubernetes.discovery import Discovery
from tests.cluster.kubernetes.dry_run import Verdict, dry_run, dry_run_all
from tests.cluster.kubernetes.log_lines import FollowedLog, LogLine, log_lines
from tests.cluster.kubernetes.recorder import Recorder
from tests.cluster.kubernetes.report import describe, events
from tests.cluster.kubernetes.timeline import Timeline, timeline

OWNED = {"sidecarlib-tests": "cluster"}
POLL = 0.2


class Namespace:
    """References read `kind/name`, as kubectl's do: `pod/app`, `job/nightly`, `configmap/settings`."""

    def __init__(self, api: Api, discovery: Discovery, name: str) -> None:
        self.api, self.discovery, self.name = api, discovery, name
        self._recorder: Recorder | None = None
        self._followed: list[FollowedLog] = []

    @classmethod
    def create(cls, api: Api, discovery: Discovery, purpose: str, labels: Mapping[str, str] | None = None) -> Namespace:
        """A new one, named for its `purpose` and for nobody else, in which Pods can be created at once."""
        word = re.sub(r"[^a-z0-9]+", "-", purpose.lower()).strip("-")[:40]
        name = f"{word}-{secrets.token_hex(4)}"
        metadata = {"name": name, "labels": {**OWNED, **(labels or {})}}
        api.call(
            "POST", "/api/v1/namespaces", body={"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        ).json()
        namespace = cls(api, discovery, name)
        exists = Condition("exists", lambda _: True)
        namespace.wait("serviceaccount/default", exists, within=60)  # Pods are refused before it
        namespace.wait("configmap/kube-root-ca.crt", exists, within=60)  # and do not start before this
        return namespace

    def close(self) -> None:
        """Deletes the namespace and kills its Pods, without waiting for either."""
        for log in self._followed:
            log.stop()
        if self._recorder is not None:
            self._recorder.stop()
        self.api.call("DELETE", f"/api/v1/namespaces/{self.name}")  # first: now nothing is created in it any more
        self.api.call("DELETE", f"/api/v1/namespaces/{self.name}/pods", {"gracePeriodSeconds": "0"})

    # creating and deleting

    def apply(self, manifests: str | Iterable[Mapping[str, Any]]) -> str:
        """`kubectl apply` of YAML text or of objects, as a user does it; fails with kubectl's words. Returns what it printed."""
        text = (
            manifests
            if isinstance(manifests, str)
            else json.dumps({"apiVersion": "v1", "kind": "List", "items": list(manifests)})
        )
        return self.kubectl("apply", "--validate=strict", "-f", "-", stdin=text)

    def create_object(self, manifest: Mapping[str, Any]) -> Json:
        """Creates one object over HTTP and returns it; the way for `generateName`. Raises `ApiError` where refused."""
        resource = self.discovery.of_object(manifest["apiVersion"], manifest["kind"])
        return self.api.call("POST", resource.path(self.name), {"fieldValidation": "Strict"}, manifest).json()

    def delete(self, reference: str, *, grace: int | None = None) -> None:
        """Asks for deletion and does not wait; `grace` in seconds, None for the Pod's own."""
        query = {"propagationPolicy": "Background"} | ({} if grace is None else {"gracePeriodSeconds": str(grace)})
        self.api.call("DELETE", self._path(reference), query).json()

    def dry_run(self, manifest: Mapping[str, Any], *, strict: bool = True) -> Verdict:
        """What the API server says to creating this object here."""
        return dry_run(self.api, self.discovery, self.name, manifest, strict=strict)

    def dry_run_all(self, manifests: Iterable[Mapping[str, Any]], *, strict: bool = True) -> list[Verdict]:
        """The same for many, over a few connections at once."""
        return dry_run_all(self.api, self.discovery, self.name, manifests, strict=strict)

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Runs kubectl in this namespace; returns what it printed, fails with its words."""
        done = subprocess.run(
            ["kubectl", "--namespace", self.name, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"kubectl {' '.join(arguments)} failed:\n{done.stderr}{done.stdout}")
        return done.stdout

    # reading

    def get(self, reference: str) -> Json:
        """One object; raises `ApiError` where there is none."""
        return self.api.get(self._path(reference))

    def pods_of(self, reference: str) -> list[Json]:
        """The Pods that a Job, Deployment, StatefulSet or DaemonSet selects."""
        labels = self.get(reference)["spec"]["selector"]["matchLabels"]
        selector = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
        found: list[Json] = self.api.get(f"/api/v1/namespaces/{self.name}/pods", {"labelSelector": selector})["items"]
        return found

    def pod_of(self, reference: str, within: float = 15) -> str:
        """`pod/NAME` of the one Pod of a workload, waiting for it to be created."""
        self.wait(reference, Condition("has a Pod", lambda _: bool(self.pods_of(reference))), within)
        (pod,) = self.pods_of(reference)
        return f"pod/{pod['metadata']['name']}"

    def events(self, reference: str | None = None) -> list[Json]:
        """The events here, or those about one object, oldest first. The kubelet sends about 25 for a Pod and drops the rest."""
        found = events(self.api, self.name)
        if reference is None:
            return found
        kind, _, name = reference.partition("/")
        about = [(event, event["involvedObject"]) for event in found]
        return [event for event, it in about if it["name"] == name and it["kind"].lower() == kind.lower()]

    def logs(self, pod: str, container: str, *, previous: bool = False) -> str:
        """What the container has printed; with `previous`, in its life before this one."""
        query = {"container": container} | ({"previous": "true"} if previous else {})
        answer = self.api.call("GET", self._path(pod) + "/log", query)
        if answer.status >= 400:
            raise ApiError(answer.status, answer.message)
        return answer.text

    def log_lines(self, pod: str, container: str) -> tuple[LogLine, ...]:
        """The same, each line with the time at which the node took it down."""
        query = {"container": container, "timestamps": "true"}
        return log_lines(self.api.call("GET", self._path(pod) + "/log", query).text)

    def follow(self, pod: str, container: str) -> FollowedLog:
        """The container's log as it grows, complete even when the Pod is deleted meanwhile."""
        self._followed.append(FollowedLog(self.api, self._path(pod) + "/log", {"container": container}))
        return self._followed[-1]

    def timeline(self, pod: str) -> Timeline:
        """Starts and ends of the Pod's containers, to the second."""
        return timeline(self.get(pod))

    def record(self) -> Recorder:
        """Starts to note when changes of Pods and Jobs arrive here; call it before creating them. The namespace ends it."""
        if self._recorder is None:
            self._recorder = Recorder(self.api, self.name)
            self._recorder.start()
        return self._recorder

    def ask(
        self,
        pod: str,
        port: int,
        path: str,
        *,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One HTTP request to a port of the Pod, through the API server: no route to Pod IPs is needed."""
        return self.api.call(method, f"{self._path(pod)}:{port}/proxy{path}", body=body, headers=headers)

    # waiting

    def wait(self, reference: str, condition: Condition, within: float) -> Json:
        """The object, once `condition` holds of it; fails after `within` seconds with all that happened here."""
        deadline = time.monotonic() + within
        while True:
            answer = self.api.call("GET", self._path(reference))
            found = answer.json() if answer.status != 404 else None
            if found is not None and condition.holds(found):
                return found
            if found is not None and condition.hopeless(found):
                raise AssertionError(
                    f"{reference}: {condition.text} can no longer come\n{describe(self.api, self.name)}"
                )
            if time.monotonic() >= deadline:
                raise AssertionError(
                    f"{reference}: not {condition.text} within {within} s\n{describe(self.api, self.name)}"
                )
            time.sleep(POLL)

    def wait_gone(self, reference: str, within: float) -> None:
        """Returns once the object no longer exists."""
        deadline = time.monotonic() + within
        while self.api.call("GET", self._path(reference)).status != 404:
            if time.monotonic() >= deadline:
                raise AssertionError(f"{reference}: still there after {within} s\n{describe(self.api, self.name)}")
            time.sleep(POLL)

    def _path(self, reference: str) -> str:
        kind, _, name = reference.partition("/")
        return self.discovery.of_word(kind).path(self.name, name)
