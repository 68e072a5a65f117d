"""The frozen result, and the report of everything that is in its way."""

import dataclasses
from pathlib import Path

import pytest

from orion_host.assembly import AssemblyError, Problem, assemble
from tests.host.assembly.examples import PERMISSION, Install, Problems

TABLE = 'Table("thing", METADATA, Column("id", Integer, primary_key=True), schema="beta")'


def test_everything_that_is_wrong_is_told_at_once(install: Install, with_models: Install, problems: Problems) -> None:
    found = problems(
        install("broken", "1 / 0"),
        install("contract", contract=">=9"),
        install("gap", requires=("absent",)),
        install("loop", requires=("pool",)),
        install("pool", requires=("loop",)),
        install("misspelt", "@hookimpl\ndef orion_menu(): ..."),
        install("raising", "@hookimpl\ndef orion_menus(): 1 / 0"),
        install("shape", "@hookimpl\ndef orion_menus(): return 1"),
        install("prefix", PERMISSION.format("read")),
        with_models("beta"),
        with_models("intruder", TABLE),
    )
    assert sorted({problem.module for problem in found}) == [
        "broken",
        "contract",
        "gap",
        "intruder",
        "loop",
        "misspelt",
        "pool",
        "prefix",
        "raising",
        "shape",
    ]


def test_a_module_that_failed_to_import_does_not_hide_conflicts_among_the_others(
    install: Install, problems: Problems
) -> None:
    slot = "@hookimpl\ndef orion_slots(): return [Slot(place='store.dashboard.main', template='tile.html')]"
    found = problems(install("alpha", "1 / 0"), install("beta", slot), install("gamma", slot))
    assert [(problem.module, problem.stage) for problem in found] == [("alpha", "load"), ("gamma", "conflict")]


def test_the_report_reads_well_on_a_terminal() -> None:
    problems = [
        Problem(module="billing", stage="load", message="importing it raised\nan error of two lines"),
        Problem(module="orders", stage="hooks", message="orion_menu is not a hook", hint="Did you mean 'orion_menus'?"),
    ]
    assert str(AssemblyError(problems)) == (
        "The installed modules do not fit together (2 problems):\n"
        "  billing: importing it raised\n"
        "    an error of two lines\n"
        "  orders: orion_menu is not a hook\n"
        "    Did you mean 'orion_menus'?"
    )


def test_an_assembly_cannot_be_changed(install: Install) -> None:
    assembly = assemble([install("alpha", PERMISSION.format("alpha.read"))])
    assembly.contributions("orion_permissions").clear()
    assert len(assembly.contributions("orion_permissions")) == 1
    with pytest.raises(TypeError):
        assembly.modules["beta"] = assembly.modules["alpha"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        assembly.problems = ()  # type: ignore[misc]


def test_only_hooks_that_were_asked_can_be_read(install: Install) -> None:
    assembly = assemble([install("alpha")], web=False)
    with pytest.raises(LookupError, match="orion_routes"):
        assembly.contributions("orion_routes")
    with pytest.raises(LookupError, match="orion_startup"):
        assembly.contributions("orion_startup")
    with pytest.raises(LookupError, match="orion_starts"):
        assembly.implementations("orion_starts")


def test_hooks_with_arguments_are_left_for_their_occasion(install: Install) -> None:
    body = "@hookimpl\ndef orion_startup(host): host.append(definition.name)\n@hookimpl\ndef orion_shutdown(): 1 / 0"
    assembly = assemble([install("alpha", body, requires=("beta",)), install("beta", body)])
    started: list[str] = []
    for _, start in assembly.implementations("orion_startup"):
        start(host=started)
    assert started == ["beta", "alpha"]


def test_resource_folders_stand_beside_the_plugin(install: Install, tmp_path: Path) -> None:
    alpha = install("alpha", files={"templates/alpha/list.html": "", "migrations/alpha_0001.py": ""})
    assembly = assemble([alpha, install("beta")])
    assert assembly.folder("alpha", "templates") == tmp_path / "example_alpha" / "templates"
    assert assembly.folder("alpha", "static") is None
    assert assembly.folders("migrations") == {"alpha": tmp_path / "example_alpha" / "migrations"}


def test_commands_are_checked_when_the_platform_is_assembled(install: Install) -> None:
    body = "@hookimpl\ndef orion_commands():\n    from typer import Typer\n    return Typer()"
    assert [module for module, _ in assemble([install("alpha", body)]).contributions("orion_commands")] == ["alpha"]
