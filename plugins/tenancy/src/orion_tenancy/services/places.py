"""Where people may go: the places of a user, the path a form may lead to, the open shops of a platform."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_tenancy.models import Membership, Merchant, MerchantOwner, Platform, Store, User
from orion_tenancy.services.directory import PORTAL_STATES, STORE_STATES

# One slash, then no second slash or backslash (both name another host) and nothing browsers silently drop.
_LOCAL = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    name: str
    path: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCard:
    """An open shop as the platform's front page shows it."""

    code: str
    name: str
    description: str
    country: str
    locales: tuple[str, ...]
    merchant: str
    platform: str


def local_path(text: str) -> str | None:
    """Return ``text`` if it is a path of this site, else ``None``."""
    return text if _LOCAL.fullmatch(text) else None


def list_places(session: Session, user_id: UUID) -> list[Place]:
    """Return what a user may enter, the widest first. A platform-wide session."""
    user = session.get_one(User, user_id)
    places = [Place(name="Administration", path="/admin/", area="admin")] if user.is_platform_admin else []
    owned = (
        select(Merchant.name, Merchant.code)
        .join(MerchantOwner, MerchantOwner.merchant_id == Merchant.id)
        .where(MerchantOwner.user_id == user_id, Merchant.state.in_(PORTAL_STATES))
    )
    joined = (
        select(Store.name, Store.code)
        .join(Merchant, Merchant.id == Store.merchant_id)
        .join(Membership, Membership.store_id == Store.id)
        .where(Membership.user_id == user_id, Merchant.state.in_(STORE_STATES))
    )
    for statement, prefix, area in ((owned, "merchants", "merchant"), (joined, "stores", "store")):
        rows = session.execute(statement.order_by(statement.selected_columns[0]))
        places += [Place(name=name, path=f"/{prefix}/{code}/", area=area) for name, code in rows]
    return places


def list_open_shops(session: Session, platform_id: UUID | None) -> Sequence[ShopCard]:
    """Return the open shops of one platform, or of all active ones. A platform-wide session."""
    statement = (
        select(
            Store.code,
            Store.name,
            Store.description,
            Store.country,
            Store.locales,
            Merchant.name,
            Platform.name,
        )
        .join(Merchant, Merchant.id == Store.merchant_id)
        .join(Platform, Platform.id == Store.platform_id)
        .where(Store.is_open, Merchant.state == "active", Platform.is_active)
        .order_by(Platform.name, Store.name)
        .limit(200)
    )
    if platform_id is not None:
        statement = statement.where(Platform.id == platform_id)
    return [
        ShopCard(
            code=code,
            name=name,
            description=description,
            country=country,
            locales=tuple(locales),
            merchant=merchant,
            platform=platform,
        )
        for code, name, description, country, locales, merchant, platform in session.execute(statement)
    ]
