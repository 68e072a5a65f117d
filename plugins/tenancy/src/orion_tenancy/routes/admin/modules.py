"""Admin pages of a platform's module switches."""

from typing import Any
from uuid import UUID

from fastapi import Request

from orion_core.errors import NotFound
from orion_core.web import PlatformSessionDep, Router, redirect, render, requires
from orion_core.web import translate as _
from orion_tenancy.exceptions import ModuleNeedsOthers
from orion_tenancy.services.modules import list_modules, switch_module
from orion_tenancy.services.platforms import get_platform

router = Router(prefix="/platforms/{platform_id}/modules")
guard = requires("tenancy.manage_modules")


@router.get("", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep, platform_id: UUID) -> Any:
    platform, modules = get_platform(session, platform_id), list_modules(session, platform_id)
    return render(request, "tenancy/admin/modules.html", platform=platform, modules=modules)


@router.get("/{module}/off", dependencies=[guard])
def ask(request: Request, session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    platform, states = get_platform(session, platform_id), list_modules(session, platform_id)
    state = next((state for state in states if state.definition.name == module), None)
    if state is None:
        raise NotFound(f"there is no module {module!r} installed")
    titles = {other.definition.name: other.definition.title for other in states}
    dependents = [titles[name] for name in state.needed_by]
    return render(request, "tenancy/admin/module_off.html", platform=platform, state=state, dependents=dependents)


@router.post("/{module}/off", dependencies=[guard])
def switch_off(session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    switch_module(session, platform_id, module, enabled=False, with_dependents=True)
    return redirect(f"/platforms/{platform_id}/modules", _("The module was switched off. Its data stays."))


@router.post("/{module}/on", dependencies=[guard])
def switch_on(session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    back = f"/platforms/{platform_id}/modules"
    try:
        switch_module(session, platform_id, module, enabled=True)
    except ModuleNeedsOthers as error:
        return redirect(back, error.detail, level="danger")
    return redirect(back, _("The module was switched on."))
