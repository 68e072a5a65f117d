"""Admin pages of a platform's module switches."""

from typing import Any
from uuid import UUID

from fastapi import Request

from orion_core.web import PlatformSessionDep, Router, redirect, render, requires
from orion_core.web import translate as _
from orion_tenancy.exceptions import ModuleNeedsOthers, ModuleRefuses
from orion_tenancy.services.modules import list_modules, switch_module, switch_off_effect
from orion_tenancy.services.platforms import get_platform

router = Router(prefix="/platforms/{platform_id}/modules")
guard = requires("tenancy.manage_modules")


@router.get("", dependencies=[guard])
def show_list(request: Request, session: PlatformSessionDep, platform_id: UUID) -> Any:
    platform, modules = get_platform(session, platform_id), list_modules(session, platform_id)
    return render(request, "tenancy/admin/modules.html", platform=platform, modules=modules)


@router.get("/{module}/off", dependencies=[guard])
def ask(request: Request, session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    platform, leaving = get_platform(session, platform_id), switch_off_effect(session, platform_id, module)
    if not leaving:
        return redirect(f"/platforms/{platform_id}/modules")
    return render(request, "tenancy/admin/module_off.html", platform=platform, leaving=leaving)


@router.post("/{module}/off", dependencies=[guard])
def switch_off(session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    switch_module(session, platform_id, module, enabled=False, with_dependents=True)
    return redirect(f"/platforms/{platform_id}/modules", _("The module was switched off. Its data stays."))


@router.post("/{module}/on", dependencies=[guard])
def switch_on(session: PlatformSessionDep, platform_id: UUID, module: str) -> Any:
    back = f"/platforms/{platform_id}/modules"
    try:
        switch_module(session, platform_id, module, enabled=True)
    except (ModuleNeedsOthers, ModuleRefuses) as error:
        return redirect(back, error.detail, level="danger")
    return redirect(back, _("The module was switched on."))
