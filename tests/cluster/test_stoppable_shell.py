"""A shell that is written with `stoppable_shell` obeys SIGTERM as PID 1, and is otherwise the shell one knows."""

from __future__ import annotations

from collections.abc import Sequence

from sidecarlib import Container, NativeSidecar, PodSpec, Probe, stoppable_shell
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.conditions import container_status, phase
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.rendering import objects

GRACE = 10  # seconds
FLUSH = 3  # seconds
WORK = 2  # seconds
LOOP = "while true; do echo running; sleep 5; done"
FLUSHING = f"trap 'echo flushing; sleep {FLUSH}; echo flushed; exit 7' TERM; while true; do sleep 1 & wait $!; done"


def pod_beside(command: Sequence[str] | None) -> PodSpec:
    """An app that works for `WORK` seconds and a sidecar with this command; None for no sidecar."""
    sidecars = [
        NativeSidecar(
            name="sidecar",
            image=BUSYBOX,
            command=command,
            startup_probe=Probe.exec(["true"]),
            stops_within=GRACE,
        )
        for command in ([] if command is None else [command])
    ]
    app = Container(name="app", image=BUSYBOX, command=["sleep", str(WORK)])
    return PodSpec(containers=[app], sidecars=sidecars, termination_grace_period_seconds=GRACE)


def seconds_after_the_work(namespace: Namespace, pod: str) -> float:
    """From the end of the app to the end of its Pod."""
    recorder = namespace.record()
    return recorder.at(f"pod/{pod}", "Succeeded") - recorder.at(f"pod/{pod}", "running", "app") - WORK


def test_it_ends_at_once_where_a_plain_shell_takes_the_whole_grace_period(namespace: Namespace) -> None:
    """After SIGTERM the Pod ends as fast as one without the sidecar, with the exit code that was chosen; with the same script in a plain shell SIGKILL ends it."""
    commands = {
        "obedient": stoppable_shell(LOOP),
        "completed": stoppable_shell(LOOP, exit_code_when_stopped=0),
        "plain": ["/bin/sh", "-c", LOOP],
        "alone": None,
    }
    namespace.record()
    for name, command in commands.items():
        namespace.apply(objects("Pod", name, pod_beside(command)))
    for name in commands:
        namespace.wait(f"pod/{name}", phase("Succeeded"), within=GRACE + 60)

    times = {name: seconds_after_the_work(namespace, name) for name in commands}
    ends = {
        name: container_status(namespace.get(f"pod/{name}"), "sidecar")["state"]["terminated"]["exitCode"]
        for name in commands
        if name != "alone"
    }
    print(times, ends)  # noqa: T201
    assert times["plain"] >= GRACE, times
    assert max(times["obedient"], times["completed"]) <= times["alone"] + 3, times
    assert ends == {"obedient": 143, "completed": 0, "plain": 137}


def test_a_script_with_a_trap_of_its_own_is_waited_for(namespace: Namespace) -> None:
    """What the script does on SIGTERM is done to its end before the container ends, with the script's exit code."""
    namespace.apply(objects("Pod", "flushing", pod_beside(stoppable_shell(FLUSHING))))
    namespace.wait("pod/flushing", phase("Succeeded"), within=GRACE + 60)
    flushing, flushed = (line for line in namespace.log_lines("pod/flushing", "sidecar") if "flush" in line.text)
    assert (flushed.at - flushing.at).total_seconds() >= FLUSH - 0.1
    assert container_status(namespace.get("pod/flushing"), "sidecar")["state"]["terminated"]["exitCode"] == 7


def test_the_script_arrives_as_written(namespace: Namespace) -> None:
    """`$$`, substitutions and quotes are the shell's own; only `$(NAME)` of a variable is the kubelet's, as in every command."""
    script = """echo "pid $$, $(echo 'it is'), $(WORD), $WORD, '$$$$'"; exit 3"""
    app = Container(name="app", image=BUSYBOX, command=stoppable_shell(script), env={"WORD": "sesame"})
    namespace.apply(objects("Pod", "words", PodSpec(containers=[app])))
    pod = namespace.wait("pod/words", phase("Failed"), within=60)
    assert namespace.logs("pod/words", "app") == "pid 1, it is, sesame, sesame, '11'\n"
    assert container_status(pod, "app")["state"]["terminated"]["exitCode"] == 3
