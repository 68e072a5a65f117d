"""The admin area's JSON API: platforms, modules, merchants, stores and users."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from orion_core.web import CursorDep, Page, PlatformSessionDep, Router, VersionDep, requires
from orion_tenancy import schemas as s
from orion_tenancy.routes.common import page_of, tag
from orion_tenancy.services import merchants, modules, platforms, sessions, stores, users

router = Router()
Text = Annotated[str, Query(max_length=100, description="Part of a name, code or address")]


class Active(BaseModel):
    active: bool


class Open(BaseModel):
    is_open: bool


_platforms = [requires("tenancy.manage_platforms")]
_modules = [requires("tenancy.manage_modules")]
_merchants = [requires("tenancy.manage_merchants")]
_stores = [requires("tenancy.manage_stores")]
_users = [requires("tenancy.manage_users")]


@router.get("/platforms", dependencies=_platforms)
def list_platforms(session: PlatformSessionDep, cursor: CursorDep) -> Page[s.PlatformOut]:
    found = platforms.list_platforms(session, after=cursor.after, limit=cursor.limit)
    return page_of(s.PlatformOut, found)


@router.post("/platforms", status_code=201, dependencies=_platforms, response_model=s.PlatformOut)
def create_platform(session: PlatformSessionDep, given: s.PlatformInput, response: Response) -> Any:
    return tag(response, platforms.create_platform(session, given))


@router.get("/platforms/{platform_id}", dependencies=_platforms, response_model=s.PlatformOut)
def get_platform(session: PlatformSessionDep, platform_id: UUID, response: Response) -> Any:
    return tag(response, platforms.get_platform(session, platform_id))


@router.put("/platforms/{platform_id}", dependencies=_platforms, response_model=s.PlatformOut)
def edit_platform(
    session: PlatformSessionDep,
    platform_id: UUID,
    given: s.PlatformChange,
    version: VersionDep,
    response: Response,
) -> Any:
    return tag(response, platforms.edit_platform(session, platform_id, given, version))


@router.get("/platforms/{platform_id}/modules", dependencies=_modules)
def list_modules(session: PlatformSessionDep, platform_id: UUID) -> list[s.ModuleOut]:
    platforms.get_platform(session, platform_id)
    return [
        s.ModuleOut(
            module=state.definition.name,
            title=state.definition.title,
            tier=str(state.definition.tier),
            enabled=state.enabled,
        )
        for state in modules.list_modules(session, platform_id)
    ]


@router.put("/platforms/{platform_id}/modules/{module}", dependencies=_modules)
def switch_module(session: PlatformSessionDep, platform_id: UUID, module: str, given: s.SwitchInput) -> list[str]:
    """Switch a module; answers with the names of all that changed."""
    return modules.switch_module(
        session, platform_id, module, enabled=given.enabled, with_dependents=given.with_dependents
    )


@router.get("/merchants", dependencies=_merchants)
def list_merchants(
    session: PlatformSessionDep, cursor: CursorDep, q: Text = "", state: s.MerchantState | None = None
) -> Page[s.MerchantOut]:
    found = merchants.list_merchants(session, state=state or "", text=q, after=cursor.after, limit=cursor.limit)
    return page_of(s.MerchantOut, found)


@router.post("/merchants", status_code=201, dependencies=_merchants, response_model=s.MerchantOut)
def create_merchant(session: PlatformSessionDep, given: s.MerchantInput, response: Response) -> Any:
    return tag(response, merchants.create_merchant(session, given))


@router.get("/merchants/{merchant_id}", dependencies=_merchants, response_model=s.MerchantOut)
def get_merchant(session: PlatformSessionDep, merchant_id: UUID, response: Response) -> Any:
    return tag(response, merchants.get_merchant(session, merchant_id))


@router.post("/merchants/{merchant_id}/transitions", dependencies=_merchants, response_model=s.MerchantOut)
def change_merchant_state(
    session: PlatformSessionDep,
    merchant_id: UUID,
    given: s.TransitionInput,
    version: VersionDep,
    response: Response,
) -> Any:
    changed = merchants.change_merchant_state(session, merchant_id, given.state, given.reason, version)
    return tag(response, changed)


@router.get("/stores", dependencies=_stores)
def list_stores(
    session: PlatformSessionDep, cursor: CursorDep, q: Text = "", merchant_id: UUID | None = None
) -> Page[s.StoreOut]:
    found = stores.list_stores(session, merchant_id=merchant_id, text=q, after=cursor.after, limit=cursor.limit)
    return page_of(s.StoreOut, found)


@router.post("/stores", status_code=201, dependencies=_stores, response_model=s.StoreOut)
def create_store(session: PlatformSessionDep, given: s.StoreInput, response: Response) -> Any:
    return tag(response, stores.create_store(session, given))


@router.get("/stores/{store_id}", dependencies=_stores, response_model=s.StoreOut)
def get_store(session: PlatformSessionDep, store_id: UUID, response: Response) -> Any:
    return tag(response, stores.get_store(session, store_id))


@router.put("/stores/{store_id}", dependencies=_stores, response_model=s.StoreOut)
def edit_store(
    session: PlatformSessionDep,
    store_id: UUID,
    given: s.StoreChange,
    version: VersionDep,
    response: Response,
) -> Any:
    return tag(response, stores.edit_store(session, store_id, given, version))


@router.put("/stores/{store_id}/open", dependencies=_stores, response_model=s.StoreOut)
def open_or_close_store(
    session: PlatformSessionDep, store_id: UUID, given: Open, version: VersionDep, response: Response
) -> Any:
    changed = stores.open_or_close(session, store_id, is_open=given.is_open, version=version)
    return tag(response, changed)


@router.get("/users", dependencies=_users)
def list_users(session: PlatformSessionDep, cursor: CursorDep, q: Text = "") -> Page[s.UserOut]:
    return page_of(s.UserOut, users.list_users(session, text=q, after=cursor.after, limit=cursor.limit))


@router.post("/users", status_code=201, dependencies=_users, response_model=s.UserOut)
def create_user(session: PlatformSessionDep, given: s.UserInput, response: Response) -> Any:
    return tag(response, users.create_user(session, given))


@router.get("/users/{user_id}", dependencies=_users, response_model=s.UserOut)
def get_user(session: PlatformSessionDep, user_id: UUID, response: Response) -> Any:
    return tag(response, users.get_user(session, user_id))


@router.put("/users/{user_id}/active", dependencies=_users, response_model=s.UserOut)
def set_active(session: PlatformSessionDep, user_id: UUID, given: Active, response: Response) -> Any:
    return tag(response, users.set_active(session, user_id, active=given.active))


@router.delete("/users/{user_id}/sessions", status_code=204, dependencies=_users)
def end_sessions(session: PlatformSessionDep, user_id: UUID) -> None:
    sessions.revoke_sessions(session, users.get_user(session, user_id))
