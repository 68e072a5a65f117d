"""Recognises staff by session cookie and machines by API key, and says what they may do where."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core import Area
from orion_core.context import Actor, RequestContext
from orion_core.models.records import ApiKey
from orion_core.services.api_keys import find_api_key
from orion_tenancy.models import Membership, MerchantOwner, Role
from orion_tenancy.services.roles import permissions_in, permissions_of
from orion_tenancy.services.sessions import find_session

COOKIE = "orion_staff"
_USED_EVERY = timedelta(minutes=1)


class StaffAuthenticator:
    """The caller of the admin, merchant and store areas."""

    areas = frozenset({Area.ADMIN, Area.MERCHANT, Area.STORE})
    cookie = COOKIE

    def by_cookie(self, session: Session, token: str, context: RequestContext) -> Actor | None:
        found = find_session(session, token)
        if found is None:
            return None
        session_id, _, user_id, name, email, is_admin = found
        areas, permissions = (self.areas, frozenset[str]()) if is_admin else _rights(session, user_id, context)
        return Actor(
            kind="user",
            id=user_id,
            name=name,
            email=email,
            permissions=permissions,
            areas=areas,
            is_platform_admin=is_admin,
            session_id=session_id,
        )

    def by_bearer(self, session: Session, token: str, context: RequestContext) -> Actor | None:
        key = find_api_key(session, token)
        if key is None or not _opens(key, context):
            return None
        now = datetime.now(UTC)
        if key.last_used_at is None or now - key.last_used_at > _USED_EVERY:
            key.last_used_at = now
        permissions, areas = frozenset(key.permissions), frozenset({context.area} if context.area else ())
        return Actor(kind="api_key", id=key.id, name=key.name, permissions=permissions, areas=areas)

    def login_url(self, context: RequestContext, next_path: str) -> str:
        """Lead to the sign-in page; on a store's own domain that is its staff area's."""
        if context.area == Area.STORE and context.base_path == "/store":
            inner, own = quote(f"/stores/{context.store.code}", safe=""), quote("/store", safe="")
            return f"/store/login?next={own}{next_path.removeprefix(inner)}"
        return f"/login?next={next_path}" if next_path else "/login"


def _rights(session: Session, user_id: UUID, context: RequestContext) -> tuple[frozenset[Area], frozenset[str]]:
    """Return what a user who is no platform admin may enter and do in the tenant of ``context``."""
    if context.merchant_id is not None and _owns(session, user_id, context.merchant_id):
        codes = frozenset(item.code for _, item in permissions_in(Area.STORE, Area.MERCHANT))
        return frozenset({Area.MERCHANT, Area.STORE}), codes
    if context.store_id is None:
        return frozenset(), frozenset()
    statement: Any = (
        select(Role.code, Role.permissions)
        .join(Membership, (Membership.store_id == Role.store_id) & (Membership.role_id == Role.id))
        .where(Membership.store_id == context.store_id, Membership.user_id == user_id)
    )
    role = session.execute(statement).one_or_none()
    if role is None:
        return frozenset(), frozenset()
    return frozenset({Area.STORE}), permissions_of(role.code, role.permissions)


def _owns(session: Session, user_id: UUID, merchant_id: UUID) -> bool:
    return session.get(MerchantOwner, (merchant_id, user_id)) is not None


def _opens(key: ApiKey, context: RequestContext) -> bool:
    """Tell whether a key is of this tenant or one above it; admin takes the installation's own only."""
    if context.area == Area.ADMIN:
        return key.platform_id is None and key.merchant_id is None and key.store_id is None
    if key.store_id is not None:
        return context.area == Area.STORE and key.store_id == context.store_id
    if key.merchant_id is not None:
        return key.merchant_id == context.merchant_id
    return key.platform_id is not None and key.platform_id == context.platform_id
