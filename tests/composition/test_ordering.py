"""The order of the init sequence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sidecarlib.composition.ordering import Need, Step, chain_to, ordered


def step(name: str, *needs: str, waits: bool = False) -> Step:
    """A step that uses others."""
    return Step(name, tuple(Need(need, "uses") for need in needs), waits)


def order(*steps: Step) -> tuple[str, ...]:
    """The order of steps without a cycle."""
    names, problems = ordered(steps)
    assert problems == ()
    return names


@st.composite
def acyclic(draw: st.DrawFn) -> list[Step]:
    """Steps in any written order, each of which needs only steps of a hidden order before it."""
    count = draw(st.integers(1, 9))
    steps = []
    for index in range(count):
        needs = draw(st.lists(st.integers(0, index - 1), unique=True, max_size=3)) if index else []
        steps.append(step(f"c{index}", *(f"c{need}" for need in needs), waits=draw(st.booleans())))
    return draw(st.permutations(steps))


class TestWithoutCycle:
    """What the order is when every need can be met."""

    def test_a_provider_written_last_starts_first(self) -> None:
        """Whoever uses something starts after it, however the list was written."""
        assert order(step("proxy", "vault", waits=True), step("vault", waits=True)) == ("vault", "proxy")

    def test_free_init_containers_run_first(self) -> None:
        """An init container that uses nothing runs before every sidecar, in the order written."""
        assert order(step("b"), step("proxy", waits=True), step("a")) == ("b", "a", "proxy")

    def test_a_user_runs_directly_behind_the_last_thing_it_uses(self) -> None:
        """A migration through the proxy runs right behind the proxy, not behind later sidecars."""
        steps = (step("proxy", waits=True), step("otel", waits=True), step("migrate", "proxy"))
        assert order(*steps) == ("proxy", "migrate", "otel")

    @given(acyclic())
    def test_every_need_is_met(self, steps: list[Step]) -> None:
        """Each step stands behind everything it needs, and none is lost or doubled."""
        names = order(*steps)
        assert sorted(names) == sorted(each.name for each in steps)
        for each in steps:
            assert all(names.index(need.name) < names.index(each.name) for need in each.needs)

    @given(acyclic())
    def test_an_order_that_is_right_stays(self, steps: list[Step]) -> None:
        """Sidecars whose written order meets every need keep it."""
        by_name = {each.name: each for each in steps}
        right = [Step(name, by_name[name].needs, waits=True) for name in order(*steps)]
        assert order(*right) == tuple(each.name for each in right)

    @given(acyclic())
    def test_a_plain_user_stands_behind_its_provider(self, steps: list[Step]) -> None:
        """Between an init container and the last thing it uses stand only other init containers."""
        names = order(*steps)
        waits = {each.name: each.waits for each in steps}
        for each in steps:
            if not each.waits:
                last = max((names.index(need.name) for need in each.needs), default=-1)
                assert not any(waits[name] for name in names[last + 1 : names.index(each.name)])


class TestCycles:
    """What is said when needs go in a circle."""

    def test_a_cycle_names_the_whole_chain(self) -> None:
        """The problem tells every container of the circle and why it needs the next."""
        _, problems = ordered([step("a", "b"), step("b", "c"), step("c", "a"), step("d")])
        assert [problem.what for problem in problems] == [
            "a cycle: a needs b (uses), b needs c (uses), c needs a (uses)"
        ]

    def test_two_cycles_are_two_problems(self) -> None:
        """Separate circles are told separately."""
        _, problems = ordered([step("a", "b"), step("b", "a"), step("x", "y"), step("y", "x")])
        assert len(problems) == 2

    def test_a_follower_of_a_cycle_is_no_cycle(self) -> None:
        """A container that only waits for a circle is not told as one of it."""
        _, problems = ordered([step("late", "a"), step("a", "b"), step("b", "a")])
        assert [problem.what for problem in problems] == ["a cycle: a needs b (uses), b needs a (uses)"]


def test_the_chain_to_a_missing_provider_starts_at_its_first_user() -> None:
    """The chain shows how the application comes to need what is missing."""
    needs = {"app": [Need("proxy", "uses")], "proxy": [Need("vault", "mounts")]}
    assert chain_to("vault", needs) == "app -> proxy -> vault"
