"""Tenancy's part of the demo: two marketplaces, their merchants and shops, and somebody for every role."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import Actor, current_context, use_context
from orion_tenancy.demo.data import MERCHANTS, PLATFORMS, STORES, TEAM
from orion_tenancy.models import Merchant, Platform, Role, Store, User
from orion_tenancy.schemas import MerchantInput, PlatformInput, StoreInput, UserInput
from orion_tenancy.services.merchants import add_owner, change_merchant_state, create_merchant
from orion_tenancy.services.places import list_open_shops
from orion_tenancy.services.platforms import create_platform
from orion_tenancy.services.scopes import acting_for, store_tenant
from orion_tenancy.services.stores import create_store, open_or_close
from orion_tenancy.services.team import add_member
from orion_tenancy.services.users import create_user

STEPS = {
    "applied": (),
    "in_review": ("in_review",),
    "active": ("in_review", "active"),
    "suspended": ("in_review", "active", "suspended"),
}


def plant(session: Session, world: dict[str, Any]) -> None:
    """Add the demo tenants to ``world``: ``stores`` for later modules, ``logins`` and ``places`` for people."""
    for key in ("stores", "logins", "places", "staff"):
        world.setdefault(key, [])
    place = {"role": "Platform admin", "area": "admin", "path": "/admin/"}
    admin = _user(session, world, "Ada Thill", "admin@orion.example", **place)
    admin.is_platform_admin = True
    world["places"].append(("Administration", "/admin/"))
    actor = Actor(kind="user", id=admin.id, name=admin.name, email=admin.email, is_platform_admin=True)
    with use_context(replace(current_context(), actor=actor)):
        platforms = {row["code"]: create_platform(session, PlatformInput(**row)) for row in PLATFORMS}
        merchants = {row["code"]: _merchant(session, world, platforms, row) for row in MERCHANTS}
        for row in STORES:
            _store(session, world, merchants[row["merchant"]], row)
        for merchant, row in zip(merchants.values(), MERCHANTS, strict=True):
            if row["state"] == "suspended":
                change_merchant_state(session, merchant.id, "suspended", "Open questions about imports")
        shops = list_open_shops(session, None)
        world["places"] += [(shop.name, f"/shop/{shop.code}/") for shop in shops]


def _merchant(session: Session, world: dict[str, Any], platforms: dict[str, Platform], row: dict[str, str]) -> Merchant:
    code, email = row["code"], f"owner@{row['code']}.example"
    merchant = create_merchant(
        session,
        MerchantInput(platform_id=platforms[row["platform"]].id, code=code, name=row["name"], contact_email=email),
    )
    for state in STEPS[row["state"]]:
        if state != "suspended":  # only once it has its store
            change_merchant_state(session, merchant.id, state, "Papers complete")
    place = {"role": f"Owner of {row['name']}", "area": "merchant", "path": f"/merchants/{code}/"}
    owner = _user(session, world, row["owner"], email, **place)
    add_owner(session, merchant, owner)
    return merchant


def _store(session: Session, world: dict[str, Any], merchant: Merchant, row: dict[str, Any]) -> None:
    fields = {name: value for name, value in row.items() if name not in {"merchant", "is_open"}}
    store = create_store(session, StoreInput(merchant_id=merchant.id, **fields))
    tenant = store_tenant(session, store)
    with acting_for(session, tenant):
        if store.code == STORES[0]["code"]:
            _team(session, world, store)
    if not row["is_open"]:
        store = open_or_close(session, store.id, is_open=False)
        tenant = store_tenant(session, store)
    world["stores"].append(
        {
            "tenant": tenant,
            "id": store.id,
            "code": store.code,
            "name": store.name,
            "locale": store.locale,
            "locales": list(store.locales),
            "currency": store.currency,
            "country": store.country,
            "is_open": store.is_open,
        }
    )


def _team(session: Session, world: dict[str, Any], store: Store) -> None:
    for code, name in TEAM.items():
        role = session.scalars(select(Role).filter_by(store_id=store.id, code=code)).one()
        place = {"role": f"{role.name} of {store.name}", "area": "store", "path": f"/stores/{store.code}/"}
        user = _user(session, world, name, f"{code}@{store.code}.example", **place)
        add_member(session, user, role)


def _user(session: Session, world: dict[str, Any], name: str, email: str, **place: str) -> User:
    user = create_user(session, UserInput(email=email, name=name, password=world["password"]))
    world["logins"].append((place["role"], email))
    world["staff"].append({"email": email, **place})
    return user
