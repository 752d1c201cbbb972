"""Pods for the rules about starting, in few words."""

from __future__ import annotations

from typing import Any

import yaml

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.rules.frame.finding import Finding
from sidecarlib.rules.frame.registry import rules
from sidecarlib.rules.frame.running import judge

Fields = dict[str, Any]


def container(text: str) -> Fields:
    """A container from one line of YAML; without a name it is `one`, without an image its name is the image."""
    fields: Fields = yaml.safe_load(f"{{{text}}}")
    fields = {"name": "one", **fields}
    return {"image": f"{fields['name']}:1.0", **fields}


def sidecar(text: str) -> Fields:
    """A native sidecar, in the same way."""
    return container(f"restartPolicy: Always, {text}")


def shell(name: str, script: str, text: str = "") -> Fields:
    """A container that runs a script."""
    return {**container(f"name: {name}, {text}"), "command": ["sh", "-c", script]}


def found(rule: str, *sequence: Fields, mains: tuple[Fields, ...] = (), **spec: Any) -> list[Finding]:
    """What one rule finds in a Pod: its init sequence, its main containers (`app` if none are given), other fields."""
    containers = list(mains) or [container("name: app")]
    pod = PodView({"initContainers": list(sequence), "containers": containers, **spec})
    return list(judge(pod, among=[each for each in rules() if each.id == rule]))


def scratch(*names: str) -> list[Fields]:
    """Volumes that start empty."""
    return [{"name": name, "emptyDir": {}} for name in names]
