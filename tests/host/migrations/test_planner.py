"""The planner orders revisions of several modules, and refuses with names what cannot be ordered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_host.migrations.planner import Plan, plan_downgrade, plan_upgrade
from orion_host.migrations.revisions import MigrationError, Revision

Branches = dict[str, list[Revision]]


def line(module: str, *needs: tuple[str, ...]) -> list[Revision]:
    ids = [f"{module}_{number:04d}" for number in range(1, len(needs) + 1)]
    downs = [None, *ids]
    return [Revision(module, id_, down, need, "") for id_, down, need in zip(ids, downs, needs, strict=False)]


def ids(steps: list[Revision]) -> list[str]:
    return [revision.id for revision in steps]


def whole(plan: Plan) -> list[str]:
    """Return the ids of a plan that leaves nothing out."""
    assert plan.left_out == {}
    return ids(plan.steps)


def test_two_modules_interleave_by_requires() -> None:
    branches = {
        "orders": line("orders", (), ("payments_0001",), ()),
        "payments": line("payments", ("orders_0001",), ("orders_0003",)),
    }
    order = whole(plan_upgrade(branches, {}))
    assert order == ["orders_0001", "payments_0001", "orders_0002", "orders_0003", "payments_0002"]


def test_applied_revisions_are_not_planned_again() -> None:
    branches = {"a": line("a", (), ()), "b": line("b", ("a_0002",))}
    assert whole(plan_upgrade(branches, {"a": "a_0001"})) == ["a_0002", "b_0001"]
    assert whole(plan_upgrade(branches, {"a": "a_0002", "b": "b_0001"})) == []


def test_a_circle_is_told_with_its_members_and_holds_up_nobody_else() -> None:
    branches = {"a": line("a", ("b_0001",)), "b": line("b", ("a_0001",)), "c": line("c", ())}
    plan = plan_upgrade(branches, {})
    assert ids(plan.steps) == ["c_0001"]
    assert plan.left_out == {"a": "a_0001 waits for b_0001", "b": "b_0001 needs a_0001, whose module is left out"}


def test_a_requirement_that_is_not_installed_is_named() -> None:
    plan = plan_upgrade({"a": line("a", (), ("ghost_0007",), ())}, {})
    assert ids(plan.steps) == ["a_0001"]
    assert plan.left_out == {"a": "a_0002 needs ghost_0007, which is not installed"}


def test_a_module_newer_than_the_code_is_left_out_with_whatever_needs_it() -> None:
    branches = {
        "a": line("a", (), ()),
        "b": line("b", (), ("a_0002",), ()),
        "c": line("c", ("b_0002",)),
        "d": line("d", ("b_0001",)),
    }
    plan = plan_upgrade(branches, {"a": "a_0009"})
    assert ids(plan.steps) == ["b_0001", "d_0001"]
    assert "a at a_0009, which the installed code does not know" in plan.left_out["a"]
    assert plan.left_out["b"] == "b_0002 needs a_0002, whose module is left out"
    assert plan.left_out["c"] == "c_0001 needs b_0002, whose module is left out"


def test_an_unreadable_module_is_left_out_with_whatever_needs_it() -> None:
    branches = {"b": line("b", ("a_0001",)), "c": line("c", ())}
    plan = plan_upgrade(branches, {}, {"a": "a cannot be read"})
    assert ids(plan.steps) == ["c_0001"]
    assert plan.left_out == {"a": "a cannot be read", "b": "b_0001 needs a_0001, whose module is left out"}


def test_nothing_goes_back_while_a_module_is_newer_than_the_code() -> None:
    with pytest.raises(MigrationError, match="b at b_0009, which the installed code does not know"):
        plan_downgrade({"a": line("a", ()), "b": line("b", ())}, {"a": "a_0001", "b": "b_0009"}, "a", None)


def test_a_module_that_others_build_on_does_not_go_back() -> None:
    branches = {"a": line("a", (), ()), "b": line("b", ("a_0002",))}
    applied = {"a": "a_0002", "b": "b_0001"}
    with pytest.raises(MigrationError, match="b_0001 needs a_0002"):
        plan_downgrade(branches, applied, "a", "a_0001")
    assert ids(plan_downgrade(branches, applied, "b", None)) == ["b_0001"]


def test_an_unknown_target_lists_what_there_is() -> None:
    with pytest.raises(MigrationError, match="no revision 'a_0005'; it has a_0001"):
        plan_downgrade({"a": line("a", ())}, {"a": "a_0001"}, "a", "a_0005")


@st.composite
def branches(draw: st.DrawFn) -> Branches:
    """Modules that require only revisions made before theirs, as real history does."""
    made: list[str] = []
    lines: dict[str, list[tuple[str, ...]]] = {"a": [], "b": [], "c": []}
    for module in draw(st.lists(st.sampled_from("abc"), max_size=12)):
        others = [id_ for id_ in made if not id_.startswith(module)]
        needs = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
        lines[module].append(tuple(needs))
        made.append(f"{module}_{len(lines[module]):04d}")
    return {module: line(module, *needs) for module, needs in lines.items()}


@given(branches())
def test_every_plan_honours_every_requirement(shipped: Branches) -> None:
    done: set[str] = set()
    for revision in plan_upgrade(shipped, {}).steps:
        assert revision.down is None or revision.down in done
        assert done.issuperset(revision.requires)
        done.add(revision.id)
    assert len(done) == sum(map(len, shipped.values()))
