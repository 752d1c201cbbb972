"""Synthesis against raw cdk8s objects: the same Deployments and ConfigMaps, built both ways in one run.

Prints a Markdown table of medians and ratios. `python benchmarks/bench_synthesis.py [--counts 100,1000] [--rounds 3]`.
Every measurement runs in a process of its own, with the two ways in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch

from sidecarlib import CloudSqlProxySidecar, Container, Deployment, OtelSidecar, PodSpec, VaultAgentSidecar

Measure = Callable[[Chart, int], None]


def pod(number: int) -> PodSpec:
    """An application with three sidecars, different for each number."""
    vault = VaultAgentSidecar(
        address="https://vault.example.com:8200",
        role=f"app-{number}",
        files={"db-credentials": '{{ with secret "secret/data/db" }}{{ .Data.data.key }}{{ end }}'},
    )
    proxy = CloudSqlProxySidecar(
        instances=[f"myproject:us-central1:db-{number}"], credentials_file=vault.file("db-credentials")
    )
    otel = OtelSidecar(exporters={"otlp_http": {"endpoint": f"https://otel-{number}.example.com"}})
    app = Container(name="app", image=f"myapp:1.{number}", uses=[proxy, otel])
    return PodSpec(containers=[app], sidecars=[vault, proxy, otel])


def distinct(chart: Chart, count: int) -> None:
    """sidecarlib, one Pod description each."""
    for number in range(count):
        Deployment(chart, f"app-{number}", name=f"app-{number}", replicas=3, pod=pod(number))


def shared(chart: Chart, count: int) -> None:
    """sidecarlib, all with one Pod description."""
    one = pod(0)
    for number in range(count):
        Deployment(chart, f"app-{number}", name=f"app-{number}", replicas=3, pod=one)


def raw_bodies(count: int) -> list[dict[str, Any]]:
    """The same objects as plain dicts, made before the clock starts."""
    bodies: list[dict[str, Any]] = []
    for number in range(count):
        rendered = pod(number).render(f"app-{number}")
        manifest = rendered.manifest or {}
        manifest["spec"] = {"replicas": 3, **manifest["spec"]}
        bodies += [*rendered.config_maps, manifest]
    return bodies


def raw(bodies: list[dict[str, Any]]) -> Measure:
    """cdk8s alone: an `ApiObject` and a JSON patch for each object."""

    def build(chart: Chart, _count: int) -> None:
        for body in bodies:
            name = body["metadata"]["name"]
            metadata = ApiObjectMetadata(name=name)
            made = ApiObject(chart, name, api_version=body["apiVersion"], kind=body["kind"], metadata=metadata)
            field = "data" if body["kind"] == "ConfigMap" else "spec"
            made.add_json_patch(JsonPatch.add(f"/{field}", body[field]))

    return build


def seconds(way: str, count: int) -> float:
    """Seconds from an empty chart to its YAML."""
    build: Measure = {"distinct": distinct, "shared": shared}.get(way) or raw(raw_bodies(count))
    app = App()
    chart = Chart(app, "chart")
    distinct(Chart(App(), "warm-up"), 3)
    begin = time.perf_counter()
    build(chart, count)
    app.synth_yaml()
    return time.perf_counter() - begin


def in_a_process(way: str, count: int) -> float:
    """The same, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(count)], check=True, capture_output=True, text=True
    )
    return float(json.loads(done.stdout))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="100,1000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2)
    asked = parser.parse_args()
    if asked.one:
        print(seconds(asked.one[0], int(asked.one[1])))
        return
    print(
        "| Deployments | raw cdk8s, ms each | sidecarlib, ms each | ratio (of each round) | one shared PodSpec, ratio |"
    )
    print("|---:|---:|---:|---:|---:|")
    for count in map(int, asked.counts.split(",")):
        rounds = [{way: in_a_process(way, count) for way in ("raw", "distinct", "shared")} for _ in range(asked.rounds)]
        each = {way: statistics.median(found[way] for found in rounds) / count * 1000 for way in rounds[0]}
        ratios = [found["distinct"] / found["raw"] for found in rounds]
        told = " ".join(f"{ratio:.2f}" for ratio in ratios)
        one = statistics.median(found["shared"] / found["raw"] for found in rounds)
        print(
            f"| {count} | {each['raw']:.2f} | {each['distinct']:.2f} | **{statistics.median(ratios):.2f}** ({told}) | {one:.2f} |"
        )


if __name__ == "__main__":
    main()
