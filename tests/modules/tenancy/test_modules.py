"""Module switches: what is off where, and what goes off with it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from orion_core import ModuleDefinition, Tier
from orion_core.errors import NotFound
from orion_core.models import OutboxEvent
from orion_core.runtime import current_runtime, use_runtime
from orion_tenancy.exceptions import ModuleIsCore, ModuleIsNeeded, ModuleNeedsOthers, ModuleRefuses
from orion_tenancy.services.directory import Directory
from orion_tenancy.services.holdings import records_of
from orion_tenancy.services.modules import list_modules, switch_module
from tests.modules.tenancy.tenants import Tenants


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture(autouse=True)
def shop_modules(session: Session, told: list[tuple[str, str]]) -> Iterator[None]:
    """An installation with stock < sales < bills, and a core module."""
    definitions = [
        ModuleDefinition(name="base", title="Base", tier=Tier.CORE),
        ModuleDefinition(name="stock", title="Stock", requires=("base",)),
        ModuleDefinition(name="sales", title="Sales", requires=("stock",)),
        ModuleDefinition(name="bills", title="Bills", requires=("sales",)),
        ModuleDefinition(name="chat", title="Chat"),
    ]

    def implementations(hook: str) -> list[tuple[str, Any]]:
        def tell(name: str) -> Any:
            return lambda session, platform: told.append((hook, name))

        return [(item.name, tell(item.name)) for item in definitions]

    assembly: Any = SimpleNamespace(
        modules={item.name: SimpleNamespace(definition=item) for item in definitions},
        implementations=implementations,
        contributions=lambda _hook: [],
    )
    present = current_runtime()
    runtime: Any = SimpleNamespace(assembly=assembly, database=present.database, templates=None)
    with use_runtime(runtime):
        yield


def test_everything_is_on_until_it_is_switched_off(session: Session, tenants: Tenants) -> None:
    assert all(state.enabled for state in list_modules(session, tenants.platform().id))


def test_a_module_others_need_is_not_switched_off_alone(session: Session, tenants: Tenants) -> None:
    with pytest.raises(ModuleIsNeeded, match="stock is needed by sales, bills"):
        switch_module(session, tenants.platform().id, "stock", enabled=False)


def test_dependents_go_first_and_each_module_is_told(
    session: Session, tenants: Tenants, told: list[tuple[str, str]]
) -> None:
    platform = tenants.platform()
    changed = switch_module(session, platform.id, "stock", enabled=False, with_dependents=True)
    assert changed == ["bills", "sales", "stock"]
    assert told == [("orion_disabled", name) for name in changed]
    events = session.scalars(select(OutboxEvent).filter_by(type="tenancy.module_switched.v1")).all()
    assert {(event.platform_id, event.payload["module"]) for event in events} == {
        (platform.id, name) for name in changed
    }
    found = Directory().platforms(session)
    assert [ref.modules_off for ref in found] == [frozenset(changed)]


def test_what_is_needed_comes_on_first(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    switch_module(session, platform.id, "stock", enabled=False, with_dependents=True)
    with pytest.raises(ModuleNeedsOthers, match="sales needs stock"):
        switch_module(session, platform.id, "sales", enabled=True)
    for name in ("stock", "sales", "bills"):
        assert switch_module(session, platform.id, name, enabled=True) == [name]
    assert all(state.enabled for state in list_modules(session, platform.id))


def test_switching_twice_changes_nothing(session: Session, tenants: Tenants, told: list[tuple[str, str]]) -> None:
    platform = tenants.platform()
    switch_module(session, platform.id, "chat", enabled=False)
    assert switch_module(session, platform.id, "chat", enabled=False) == []
    assert told == [("orion_disabled", "chat")]


def test_what_goes_off_with_a_module_is_told_with_its_records(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    effect = Directory().switch_off_effect(session, platform.code, "stock")
    assert effect == [("bills", 0), ("sales", 0), ("stock", 0)]
    switch_module(session, platform.id, "stock", enabled=False, with_dependents=True)
    assert Directory().switch_off_effect(session, platform.code, "stock") == []


def test_only_the_platforms_own_records_count(session: Session, tenants: Tenants) -> None:
    north, south = tenants.platform("north"), tenants.platform("south")
    merchant = tenants.merchant(north, "potters")
    before = records_of(session, north.id, "tenancy"), records_of(session, south.id, "tenancy")
    tenants.store(merchant, "pots")
    after = records_of(session, north.id, "tenancy"), records_of(session, south.id, "tenancy")
    assert after[0] > before[0]
    assert after[1] == before[1]
    assert records_of(session, north.id, "stock") == 0


@pytest.mark.parametrize("hook", ["orion_enabled", "orion_disabled"])
def test_a_module_that_fails_when_switched_goes_off_but_not_on(
    hook: str, session: Session, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: Session, platform: Any) -> None:
        session.execute(text("SELECT 1 / 0"))

    asked = current_runtime().assembly
    monkeypatch.setattr(asked, "implementations", lambda name: [("chat", fail)] if name == hook else [])
    platform = tenants.platform()
    assert switch_module(session, platform.id, "chat", enabled=False) == ["chat"]
    if hook == "orion_disabled":
        assert switch_module(session, platform.id, "chat", enabled=True) == ["chat"]
    else:
        with pytest.raises(ModuleRefuses, match="chat cannot be switched on: DataError"):
            switch_module(session, platform.id, "chat", enabled=True)


def test_one_platform_does_not_switch_the_other(session: Session, tenants: Tenants) -> None:
    north, south = tenants.platform("north"), tenants.platform("south")
    switch_module(session, north.id, "chat", enabled=False)
    assert all(state.enabled for state in list_modules(session, south.id))


def test_core_modules_stay_on(session: Session, tenants: Tenants) -> None:
    with pytest.raises(ModuleIsCore):
        switch_module(session, tenants.platform().id, "base", enabled=False)


def test_an_unknown_module_is_not_found(session: Session, tenants: Tenants) -> None:
    with pytest.raises(NotFound):
        switch_module(session, tenants.platform().id, "nothing", enabled=False)
