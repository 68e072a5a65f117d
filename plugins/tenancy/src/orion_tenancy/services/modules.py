"""Which modules are on where: switches per platform, and what needs what."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core import ModuleDefinition, Tier
from orion_core.context import PlatformRef
from orion_core.errors import NotFound
from orion_core.events import publish
from orion_core.runtime import current_runtime
from orion_core.services.audit import audit
from orion_tenancy.events import ModuleSwitched
from orion_tenancy.exceptions import ModuleIsCore, ModuleIsNeeded, ModuleNeedsOthers, ModuleRefuses
from orion_tenancy.models import ModuleSwitch, Platform
from orion_tenancy.services.holdings import records_of
from orion_tenancy.services.records import get_locked
from orion_tenancy.services.scopes import acting_for, platform_tenant

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleState:
    """A module as the switch table shows it."""

    definition: ModuleDefinition
    enabled: bool
    needed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleHolding:
    """A module that is about to be switched off, with the number of records of the platform that rest meanwhile."""

    definition: ModuleDefinition
    records: int


def installed() -> dict[str, ModuleDefinition]:
    """Return the modules that take part, in dependency order."""
    return {name: module.definition for name, module in current_runtime().assembly.modules.items()}


def modules_off(switched_off: Iterable[str]) -> frozenset[str]:
    """Return what is off where these switches are: never a core module, always what needs one that is off."""
    chosen, off = set(switched_off), set[str]()
    for name, definition in installed().items():
        if definition.tier is not Tier.CORE and (name in chosen or off.intersection(definition.requires)):
            off.add(name)
    return frozenset(off)


def list_modules(session: Session, platform_id: UUID) -> list[ModuleState]:
    off = _off(session, platform_id)
    return [
        ModuleState(definition=definition, enabled=name not in off, needed_by=tuple(_dependents(name, off)))
        for name, definition in installed().items()
    ]


def switch_module(
    session: Session, platform_id: UUID, module: str, *, enabled: bool, with_dependents: bool = False
) -> list[str]:
    """Switch a module, and with ``with_dependents`` those that need it; returns the names that changed."""
    definition = installed().get(module)
    if definition is None:
        raise NotFound(f"there is no module {module!r} installed")
    if definition.tier is Tier.CORE:
        raise ModuleIsCore(f"{definition.title} is a core module and always on")
    platform = get_locked(session, Platform, platform_id)
    off = _off(session, platform_id)
    if enabled == (module not in off):
        return []
    if enabled:
        missing = sorted(off.intersection(definition.requires))
        if missing:
            raise ModuleNeedsOthers(f"{module} needs {', '.join(missing)}: switch that on first")
        changed = [module]
    else:
        dependents = _dependents(module, off)
        if dependents and not with_dependents:
            raise ModuleIsNeeded(f"{module} is needed by {', '.join(dependents)}", dependents=dependents)
        changed = [*reversed(dependents), module]
    for name in changed:
        _switch(session, platform, name, enabled=enabled)
    return changed


def switch_off_effect(session: Session, platform_id: UUID, module: str) -> list[ModuleHolding]:
    """Return what goes off with a module, itself last, each with how much it holds; empty if it is off already."""
    definition = installed().get(module)
    if definition is None:
        raise NotFound(f"there is no module {module!r} installed")
    off = _off(session, platform_id)
    names = [] if module in off else [*reversed(_dependents(module, off)), module]
    return [
        ModuleHolding(definition=installed()[name], records=records_of(session, platform_id, name)) for name in names
    ]


def _switch(session: Session, platform: Platform, module: str, *, enabled: bool) -> None:
    statement = insert(ModuleSwitch).values(platform_id=platform.id, module_name=module, enabled=enabled)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["platform_id", "module"], set_={"enabled": statement.excluded.enabled}
        )
    )
    ref = PlatformRef(id=platform.id, code=platform.code, name=platform.name, modules_off=_off(session, platform.id))
    with acting_for(session, platform_tenant(ref)):
        _tell_module(session, ref, module, enabled=enabled)
        publish(session, ModuleSwitched(platform_id=platform.id, module=module, enabled=enabled))
        audit(session, "tenancy.switch_module", platform, module=module, enabled=enabled)


def _tell_module(session: Session, platform: PlatformRef, module: str, *, enabled: bool) -> None:
    """Call the module's own ``orion_enabled`` or ``orion_disabled``; one that cannot end well is off all the same."""
    hook = "orion_enabled" if enabled else "orion_disabled"
    calls = [call for name, call in current_runtime().assembly.implementations(hook) if name == module]
    for call in calls:
        try:
            with session.begin_nested():
                call(session=session, platform=platform)
        except Exception as error:
            log.exception("module_hook_failed", module=module, hook=hook)
            if enabled:
                raise ModuleRefuses(f"{module} cannot be switched on: {type(error).__name__}: {error}") from error


def _off(session: Session, platform_id: UUID) -> frozenset[str]:
    statement = select(ModuleSwitch.module_name).filter_by(platform_id=platform_id, enabled=False)
    return modules_off(session.scalars(statement))


def _dependents(module: str, off: frozenset[str]) -> list[str]:
    """Return what is on and needs ``module``, directly or not, in dependency order."""
    found: list[str] = []
    for name, definition in installed().items():
        if name not in off and {module, *found}.intersection(definition.requires):
            found.append(name)
    return found
