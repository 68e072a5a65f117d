"""Leaving broken modules out, and keeping the rest."""

import sys
from dataclasses import replace

import pytest
from sqlalchemy.orm import configure_mappers

from orion_core.db import METADATA, ModuleTables
from orion_host.assembly import AssemblyError, assemble
from tests.host.assembly.examples import PERMISSION, RELATION, UNMAPPABLE, Install, Quarantine

RAISES = "\n@hookimpl\ndef orion_menus(): raise ValueError('no')\n"


def residue(name: str) -> list[str]:
    """What a module that is out has left in the process."""
    tables = [table for table in METADATA.tables if table.startswith(f"{name}.")]
    code = [module for module in sys.modules if module.startswith(f"example_{name}")]
    mapped = [
        str(mapper)
        for base in ModuleTables.__subclasses__()
        if base.__module__.startswith(f"example_{name}.")
        for mapper in base.registry.mappers  # type: ignore[attr-defined]
    ]
    return tables + code + mapped


@pytest.mark.parametrize(
    "body", ["1 / 0", "@hookimpl\ndef orion_menu(): ...", "@hookimpl\ndef orion_menus(): return 1", RAISES]
)
def test_a_broken_module_is_left_out_and_the_rest_is_kept(body: str, install: Install, quarantine: Quarantine) -> None:
    beta = install("beta", PERMISSION.format("beta.read"))
    assembly = quarantine(install("alpha", body), beta)
    assert list(assembly.modules) == ["beta"]
    assert list(assembly.quarantined) == ["alpha"]
    assert [module for module, _ in assembly.contributions("orion_permissions")] == ["beta"]
    assert assembly.implementations("orion_menus") == []
    assert assembly.quarantined["alpha"] in assembly.problems


def test_whatever_requires_a_broken_module_is_left_out_with_the_reason(
    install: Install, quarantine: Quarantine
) -> None:
    alpha = install("alpha", RAISES)
    beta = install("beta", requires=("alpha",))
    assembly = quarantine(alpha, beta, install("gamma", requires=("beta",)), install("delta"))
    assert list(assembly.modules) == ["delta"]
    assert "requires 'alpha'" in assembly.quarantined["beta"].message
    assert "requires 'beta'" in assembly.quarantined["gamma"].message


def test_of_two_modules_in_conflict_the_later_is_left_out(install: Install, quarantine: Quarantine) -> None:
    slot = "@hookimpl\ndef orion_slots(): return [Slot(place='store.dashboard.main', template='tile.html')]"
    assembly = quarantine(install("alpha", slot, requires=("beta",)), install("beta", slot))
    assert list(assembly.modules) == ["beta"]
    assert "already belongs to module 'beta'" in assembly.quarantined["alpha"].message


def test_a_module_stays_when_its_rival_is_left_out_for_another_reason(install: Install, quarantine: Quarantine) -> None:
    misnamed = install("alpha", PERMISSION.format("beta.read"))
    assembly = quarantine(misnamed, install("beta", PERMISSION.format("beta.read")))
    assert list(assembly.modules) == ["beta"]


@pytest.mark.parametrize("body", ["1 / 0", "def broken(:", RAISES, "@hookimpl\ndef orion_menu(): ..."])
def test_a_broken_module_of_the_core_tier_is_fatal(body: str, install: Install, quarantine: Quarantine) -> None:
    with pytest.raises(AssemblyError, match=r"alpha: "):
        quarantine(install("alpha", body, tier="CORE"), install("beta"))


def test_a_module_of_the_core_tier_that_requires_a_broken_one_is_fatal(
    install: Install, quarantine: Quarantine
) -> None:
    with pytest.raises(AssemblyError, match=r"beta: cannot be used") as raised:
        quarantine(install("alpha", RAISES), install("beta", requires=("alpha",), tier="CORE"))
    assert [problem.module for problem in raised.value.problems] == ["alpha", "beta"]


@pytest.mark.parametrize(
    ("more", "body"),
    [("", RAISES), (UNMAPPABLE, ""), ("\n1 / 0", ""), ("", PERMISSION.format("beta.read"))],
    ids=["later hook", "mappers", "half imported models", "conflict"],
)
def test_a_module_that_is_left_out_leaves_nothing_behind(
    more: str, body: str, with_models: Install, quarantine: Quarantine
) -> None:
    alpha = with_models("alpha", more, body=body)
    assembly = quarantine(alpha, with_models("beta"))
    assert list(assembly.modules) == ["beta"]
    assert residue("alpha") == []
    assert "beta.thing" in METADATA.tables
    configure_mappers()


def test_tables_it_put_into_other_schemas_go_too(with_models: Install, quarantine: Quarantine) -> None:
    stray = 'Table("stray", METADATA, Column("id", Integer, primary_key=True), schema="beta")'
    quarantine(with_models("alpha", stray), with_models("beta"))
    assert [table for table in METADATA.tables if table.startswith(("alpha.", "beta."))] == ["beta.thing"]


def test_a_failing_mapper_takes_only_its_module_and_those_built_on_it(
    with_models: Install, quarantine: Quarantine
) -> None:
    beta = with_models("beta", RELATION, requires=("alpha",))
    assembly = quarantine(with_models("alpha", UNMAPPABLE), beta, with_models("gamma"))
    assert list(assembly.modules) == ["gamma"]
    assert residue("alpha") == residue("beta") == []
    configure_mappers()


def test_models_that_lean_on_a_module_they_do_not_require_go_with_it(
    with_models: Install, quarantine: Quarantine
) -> None:
    alpha = with_models("alpha", body=PERMISSION.format("misnamed"))
    assembly = quarantine(alpha, with_models("beta", RELATION), with_models("gamma"))
    assert list(assembly.modules) == ["gamma"]
    assert residue("alpha") == residue("beta") == []
    configure_mappers()


def test_a_module_that_was_repaired_assembles_in_the_same_process(with_models: Install, quarantine: Quarantine) -> None:
    assert quarantine(with_models("alpha", UNMAPPABLE)).quarantined
    assert list(assemble([with_models("alpha")]).modules) == ["alpha"]
    assert "alpha.thing" in METADATA.tables


def test_code_that_a_kept_module_shares_stays(install: Install, quarantine: Quarantine) -> None:
    alpha = install("alpha")
    assembly = quarantine(alpha, replace(alpha, name="twin"))
    assert list(assembly.modules) == ["alpha"]
    assert sys.modules["example_alpha.plugin"] is assembly.modules["alpha"].plugin
