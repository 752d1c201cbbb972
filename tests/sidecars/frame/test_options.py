"""The options that all sidecars of the catalogue share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from sidecarlib import EnvVar, InvalidValueError, NativeSidecar, Probe, Resources, SecurityContext, WaitFor
from sidecarlib.model.checks import Checks
from sidecarlib.sidecars.frame.options import SharedOptions, check_shared_options, shared_container

GATE = Probe.http("/", port=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(SharedOptions):
    """A sidecar with nothing of its own."""

    name: str = "example"
    image: str = "example:1"
    run_as_user: int | None = 7

    def __post_init__(self) -> None:
        """Checks itself as the products do."""
        checks = Checks("Example")
        check_shared_options(checks, self)
        checks.raise_if_any()


def container(**options: Any) -> NativeSidecar:
    """The container of an example whose product brings an argument, a variable and a gate."""
    example = Example(**{"extra": {}, **options})
    return shared_container(
        example, startup_probe=GATE, args=["--own"], env=[EnvVar(name="OWN", value="1")], run_as_group=8
    )


class TestContainer:
    """What the options become."""

    def test_what_the_user_adds_stands_behind_what_the_product_brings(self) -> None:
        """Later arguments win in most programs, and later variables may refer to earlier ones."""
        rendered = container(extra_args=["--more"], extra_env={"MORE": "2"}).render()
        assert rendered["args"] == ["--own", "--more"]
        assert [variable["name"] for variable in rendered["env"]] == ["OWN", "MORE"]

    def test_the_product_gates_itself_unless_told_otherwise(self) -> None:
        """`startup_probe=None` is the product's own gate."""
        other = WaitFor.tcp(port=2)
        assert container().startup_probe == GATE
        assert container(startup_probe=other).startup_probe == other

    def test_it_passes_the_restricted_standard_with_a_read_only_root(self) -> None:
        """Nothing has to be changed for a namespace that enforces it."""
        assert container().render()["securityContext"] == {
            "runAsUser": 7,
            "runAsGroup": 8,
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }

    def test_the_security_settings_can_be_replaced(self) -> None:
        """One of the user's own stands in place of the restricted one."""
        own = SecurityContext(run_as_user=9, read_only_root_filesystem=False)
        assert container(security_context=own).render()["securityContext"] == own.render()

    def test_liveness_waits_for_a_gate_of_its_own(self) -> None:
        """A `WaitFor` holds no liveness probe back, so the probe begins when the gate's time is over."""
        own = container(startup_probe=WaitFor.tcp(port=2, within=90), liveness_probe=Probe.tcp(port=1, within=30))
        assert own.render()["livenessProbe"]["initialDelaySeconds"] == 90

    def test_no_user_leaves_user_and_group_to_the_cluster(self) -> None:
        """OpenShift gives each namespace its own."""
        assert not {"runAsUser", "runAsGroup"} & container(run_as_user=None).render()["securityContext"].keys()

    def test_everything_else_is_passed_on(self) -> None:
        """Each shared option reaches the container."""
        sidecar = container(
            image_pull_policy="Always",
            liveness_probe=Probe.tcp(port=3),
            resources=Resources(limits={"memory": "1Mi"}),
            uses=["vault"],
            after=["first"],
            extra={"tty": True},
        )
        rendered = sidecar.render()
        assert (rendered["imagePullPolicy"], rendered["tty"]) == ("Always", True)
        assert rendered["livenessProbe"]["tcpSocket"] == {"port": 3}
        assert rendered["resources"] == {"limits": {"memory": "1Mi"}}
        assert (sidecar.uses, sidecar.after) == (("vault",), ("first",))


class TestRefusals:
    """What is wrong at once."""

    def test_all_problems_are_told_at_once(self) -> None:
        """Nobody has to run it once for each mistake."""
        with pytest.raises(InvalidValueError) as raised:
            Example(
                **cast(
                    "dict[str, Any]",
                    {
                        "name": "No",
                        "image": ":",
                        "image_pull_policy": "Sometimes",
                        "startup_probe": 1,
                        "liveness_probe": GATE.render(),
                        "resources": {},
                        "run_as_user": 0,
                        "extra_args": "-v",
                        "extra_env": {"A": 1},
                        "uses": [1],
                        "after": 1,
                        "extra": 1,
                    },
                )
            )
        fields = [problem.where.removeprefix("Example, ").partition("[")[0] for problem in raised.value.problems]
        assert fields == [
            *("name", "image", "image_pull_policy", "startup_probe", "liveness_probe", "resources", "run_as_user"),
            *("extra_args", "extra_env", "uses", "after", "extra"),
        ]
