"""Whose tables are whose."""

import pytest

from orion_core.db import METADATA
from orion_host.assembly import Assembly, assemble
from tests.host.assembly.examples import RELATION, UNMAPPABLE, Install, Problems

TABLE = 'Table("{0}", METADATA, Column("id", Integer, primary_key=True), schema={1!r})'


def test_models_of_two_modules_may_have_equal_names(with_models: Install) -> None:
    assemble([with_models("alpha"), with_models("beta")])
    assert {"alpha.thing", "beta.thing"} <= METADATA.tables.keys()


def test_a_table_that_another_module_has_is_named_with_its_owner(with_models: Install, problems: Problems) -> None:
    (problem,) = problems(with_models("alpha"), with_models("beta", TABLE.format("thing", "alpha")))
    assert (problem.module, problem.stage) == ("beta", "conflict")
    assert problem.message == "defines table alpha.thing, which belongs to module 'alpha'"


def test_a_table_in_the_schema_of_another_module_is_a_problem(with_models: Install, problems: Problems) -> None:
    (problem,) = problems(with_models("alpha"), with_models("beta", TABLE.format("other", "alpha")))
    assert problem.module == "beta"
    assert problem.message == "has table alpha.other, outside its schema, which belongs to module 'alpha'"


@pytest.mark.parametrize(("schema", "table"), [("public", "public.other"), (None, "other")])
def test_a_table_outside_any_modules_schema_is_a_problem(
    schema: str | None, table: str, with_models: Install, problems: Problems
) -> None:
    (problem,) = problems(with_models("alpha", TABLE.format("other", schema)))
    assert (problem.module, problem.message) == ("alpha", f"has table {table}, outside its schema")


def test_a_base_for_the_schema_of_another_module_is_a_problem(with_models: Install, problems: Problems) -> None:
    (problem,) = problems(with_models("alpha", "    __tablename__ = 'item'"), with_models("beta", schema="alpha"))
    assert problem.module == "beta"
    assert problem.message == "has a base with module = 'alpha', which belongs to module 'alpha'"


def test_a_base_without_a_registry_is_a_problem(install: Install, problems: Problems) -> None:
    body = """
@hookimpl
def orion_models():
    from orion_core.db import ModuleTables
    class Base(ModuleTables): module = "alpha"
    return Base
"""
    (problem,) = problems(install("alpha", body))
    assert (problem.module, problem.stage) == ("alpha", "models")
    assert "registry" in problem.message


def test_mappers_that_cannot_be_configured_are_their_modules_problem(with_models: Install, problems: Problems) -> None:
    (problem,) = problems(with_models("alpha", UNMAPPABLE), with_models("beta"))
    assert (problem.module, problem.stage) == ("alpha", "models")
    assert "expression 'Absent' failed to locate a name" in problem.message


def test_a_module_that_requires_an_unmappable_one_is_not_blamed_for_it(
    with_models: Install, problems: Problems
) -> None:
    found = problems(with_models("alpha", UNMAPPABLE), with_models("beta", RELATION, requires=("alpha",)))
    assert [problem.module for problem in found] == ["alpha"]


@pytest.mark.parametrize(
    ("requires", "blamed"), [((), ["gamma"]), (("alpha",), []), (("beta",), [])], ids=["none", "direct", "indirect"]
)
def test_a_foreign_key_leads_to_a_required_module(
    requires: tuple[str, ...], blamed: list[str], with_models: Install, problems: Problems
) -> None:
    column = "    other_id: Mapped[int] = mapped_column(ForeignKey('alpha.thing.id'))"
    found = problems(
        with_models("alpha"),
        with_models("beta", requires=("alpha",)),
        with_models("gamma", column, requires=requires),
    )
    assert [problem.module for problem in found] == blamed
    assert all("from gamma.thing to alpha.thing.id" in problem.message for problem in found)


def test_tables_of_a_module_that_is_asked_first_are_not_taken_for_its_own(
    with_models: Install, install: Install
) -> None:
    alpha = install("alpha", "@hookimpl\ndef orion_menus():\n    import example_beta.models\n    return []")
    assert isinstance(assemble([alpha, with_models("beta")]), Assembly)
