"""The order of modules."""

from hypothesis import given
from hypothesis import strategies as st

from orion_host.assembly.order import circles, dependents, in_order, missing

NAMES = [f"m{number}" for number in range(8)]


@st.composite
def acyclic(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Modules that require only modules before them in some order, which is not that of their names."""
    order = draw(st.permutations(NAMES))
    return {
        name: tuple(draw(st.lists(st.sampled_from(order[:place]), unique=True))) if place else ()
        for place, name in enumerate(order)
    }


@given(acyclic())
def test_what_is_required_comes_first(requires: dict[str, tuple[str, ...]]) -> None:
    order = in_order(requires)
    assert sorted(order) == NAMES
    assert all(order.index(needed) < order.index(name) for name in order for needed in requires[name])


@given(acyclic())
def test_among_modules_that_may_come_next_the_first_name_does(requires: dict[str, tuple[str, ...]]) -> None:
    order = in_order(requires)
    for place, name in enumerate(order):
        ready = [other for other in order[place:] if set(requires[other]) <= set(order[:place])]
        assert name == min(ready)


@given(acyclic(), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_installation(
    requires: dict[str, tuple[str, ...]], random: object
) -> None:
    assert in_order(dict(sorted(requires.items(), reverse=True))) == in_order(requires)


@given(acyclic(), st.sampled_from(NAMES))
def test_whatever_stands_on_a_broken_module_goes_with_it(requires: dict[str, tuple[str, ...]], broken: str) -> None:
    out = {broken} | {problem.module for problem in dependents(requires, [broken])}
    assert all((name in out) == (name == broken or not out.isdisjoint(requires[name])) for name in NAMES)


def test_a_circle_is_read_in_the_direction_of_requiring() -> None:
    requires = {"orders": ("payments",), "payments": ("billing",), "billing": ("orders",), "cms": ()}
    (problem,) = circles(requires)
    assert problem.module == "billing"
    assert problem.message == "stands in a circle: billing requires orders requires payments requires billing"


def test_each_circle_is_a_problem_of_its_own() -> None:
    requires = {"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",)}
    assert [problem.module for problem in circles(requires)] == ["a", "c"]


def test_a_requirement_that_is_not_installed_suggests_one_that_is() -> None:
    (problem,) = missing({"orders": ("catalogue",)}, ["orders", "catalog"])
    assert problem.module == "orders"
    assert "'catalogue', which is not installed" in problem.message
    assert problem.hint == "Did you mean 'catalog'?"
