"""Which modules are on where: switches per platform, and what needs what."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

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
from orion_tenancy.exceptions import ModuleIsCore, ModuleIsNeeded, ModuleNeedsOthers
from orion_tenancy.models import ModuleSwitch, Platform
from orion_tenancy.services.records import get_locked
from orion_tenancy.services.scopes import acting_for, platform_tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleState:
    """A module as the switch table shows it."""

    definition: ModuleDefinition
    enabled: bool
    needed_by: tuple[str, ...]


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
    """Call the module's own ``orion_enabled`` or ``orion_disabled``."""
    hook = "orion_enabled" if enabled else "orion_disabled"
    for name, call in current_runtime().assembly.implementations(hook):
        if name == module:
            call(session=session, platform=platform)


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
