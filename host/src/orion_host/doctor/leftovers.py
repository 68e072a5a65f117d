"""Findings about what is left over: traces of modules that are gone, names and values that nobody knows."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from orion_core import OrionError
from orion_core.models.settings import MenuOverride, SettingValue
from orion_core.services.neutralize import neutralized_at
from orion_core.settings import ModuleSettings, check
from orion_host.assembly import Assembly
from orion_host.doctor.finding import Finding, warning
from orion_host.migrations.keeping import column_of, is_list, orphans
from orion_host.migrations.runner import Migrator


def examine(session: Session, migrator: Migrator, assembly: Assembly) -> Iterator[Finding]:
    """Yield what is left over.

    Args:
        session: A platform-wide session.
        migrator: Knows which modules have tables.
        assembly: What is installed.
    """
    kept = assembly.contributions("orion_kept")
    known = {*assembly.modules, *assembly.quarantined, *migrator.applied()}
    with migrator.engine.connect() as connection:
        found = orphans(connection, kept, known)
    for module, traces in found.items():
        cause = f"is neither installed nor in the database, and left {', '.join(map(str, traces))}"
        yield warning(module, cause, f"run `orion db purge {module}`")
    yield from _settings(session, assembly)
    permissions = {item.code for _, item in assembly.contributions("orion_permissions")}
    for _, each in kept:
        if is_list(column_of(each)):
            yield from _unknown(session, each.title, column_of(each), permissions, assembly)
    menus = {item.id for _, item in assembly.contributions("orion_menus")}
    yield from _unknown(session, "menu overrides", MenuOverride.__table__.c.item, menus, assembly)
    if moment := neutralized_at(session):
        yield warning(
            "database", f"this is a copy, made harmless on {moment:%Y-%m-%d}", "do not serve customers from it"
        )


def _settings(session: Session, assembly: Assembly) -> Iterator[Finding]:
    """Find stored values of settings that an installed module does not have, or that no longer fit."""
    classes: dict[str, type[ModuleSettings]] = dict(assembly.contributions("orion_settings"))
    rows = session.execute(select(SettingValue.module_name, SettingValue.field, SettingValue.value))
    faults = [
        (name, fault)
        for name, field, value in rows
        if name in classes and (fault := _fault(classes[name], field, value))
    ]
    for name, fault in dict.fromkeys(faults):
        yield warning(name, f"{fault} ({faults.count((name, fault))} times)", "store a value that fits, or remove it")


def _fault(settings: type[ModuleSettings], field: str, value: object) -> str:
    try:
        check(settings, field, value, "the database")
    except OrionError as error:
        return error.detail
    return ""


def _unknown(
    session: Session, title: str, column: ColumnElement[Any], known: Collection[str], assembly: Assembly
) -> Iterator[Finding]:
    """Find names of an installed module that it does not have; those of gone modules are found as orphans."""
    names = func.jsonb_array_elements_text(column) if is_list(column) else column
    for name in sorted(set(session.scalars(select(names).distinct())) - set(known)):
        module = name.partition(".")[0]
        if module in assembly.modules:
            yield warning(module, f"{title} name {name!r}, which it does not have", "take it out there")
