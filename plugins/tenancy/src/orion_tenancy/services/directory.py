"""Answers the host's question which tenant a code, host name or id stands for, with one plain query each."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnExpressionArgument, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from orion_core.context import MerchantRef, PlatformRef, StoreRef, Tenant
from orion_core.errors import NotFound
from orion_tenancy.models import Domain, Merchant, ModuleSwitch, Platform, Store
from orion_tenancy.services.modules import modules_off, switch_module, switch_off_effect

PORTAL_STATES = ("applied", "in_review", "active", "suspended")
STORE_STATES = ("active", "suspended")
STORE_OPENS = (Platform.is_active, Merchant.state.in_(STORE_STATES))

_OFF = (
    select(func.array_agg(aggregate_order_by(ModuleSwitch.module_name, ModuleSwitch.module_name)))
    .where(ModuleSwitch.platform_id == Platform.id, ModuleSwitch.enabled.is_(False))
    .scalar_subquery()
)
_PLATFORM = (Platform.id, Platform.code, Platform.name, _OFF)
_MERCHANT = (Merchant.id, Merchant.code, Merchant.name, Merchant.state)
_STORE = (
    Store.id,
    Store.code,
    Store.name,
    Store.locale,
    Store.locales,
    Store.currency,
    Store.is_open,
)


class Directory:
    """The tenants of this installation, for the host's middleware, tasks and events."""

    def platforms(self, session: Session) -> list[PlatformRef]:
        rows = session.execute(select(*_PLATFORM).where(Platform.is_active).order_by(Platform.name))
        return [_platform(tuple(row)) for row in rows]

    def find_store(self, session: Session, code: str) -> Tenant | None:
        return _store_tenant(session, Store.code == code, *STORE_OPENS)

    def find_merchant(self, session: Session, code: str) -> Tenant | None:
        return _merchant_tenant(session, Merchant.code == code, Merchant.state.in_(PORTAL_STATES), Platform.is_active)

    def find_domain(self, session: Session, host: str) -> Tenant | None:
        """A verified domain of a store or platform, a platform's main domain, or a store's name below it."""
        store_id, platform_id = session.execute(
            select(Domain.store_id, Domain.platform_id).where(Domain.host == host, Domain.verified_at.is_not(None))
        ).one_or_none() or (None, None)
        if store_id is not None:
            return _store_tenant(session, Store.id == store_id, *STORE_OPENS)
        is_it = Platform.domain == host if platform_id is None else Platform.id == platform_id
        found = _platform_tenant(session, is_it, Platform.is_active)
        if found is not None:
            return found
        code, _, parent = host.partition(".")
        return _store_tenant(session, Store.code == code, Platform.domain == parent, *STORE_OPENS)

    def find_tenant(
        self,
        session: Session,
        *,
        platform_id: UUID,
        merchant_id: UUID | None = None,
        store_id: UUID | None = None,
    ) -> Tenant | None:
        if store_id is not None:
            return _store_tenant(session, Store.id == store_id, Platform.id == platform_id)
        if merchant_id is not None:
            return _merchant_tenant(session, Merchant.id == merchant_id, Platform.id == platform_id)
        return _platform_tenant(session, Platform.id == platform_id)

    def switch_module(
        self, session: Session, platform: str, module: str, *, on: bool, with_dependents: bool = False
    ) -> list[str]:
        platform_id = _platform_id(session, platform)
        return switch_module(session, platform_id, module, enabled=on, with_dependents=with_dependents)

    def switch_off_effect(self, session: Session, platform: str, module: str) -> list[tuple[str, int]]:
        found = switch_off_effect(session, _platform_id(session, platform), module)
        return [(each.definition.name, each.records) for each in found]


def _platform_id(session: Session, code: str) -> UUID:
    platform_id = session.scalar(select(Platform.id).filter_by(code=code))
    if platform_id is None:
        raise NotFound(f"there is no platform {code!r}")
    return platform_id


def _platform_tenant(session: Session, *conditions: ColumnExpressionArgument[bool]) -> Tenant | None:
    row = session.execute(select(*_PLATFORM).where(*conditions)).one_or_none()
    return None if row is None else Tenant(platform=_platform(tuple(row)))


def _merchant_tenant(session: Session, *conditions: ColumnExpressionArgument[bool]) -> Tenant | None:
    statement: Select[Any] = select(*_PLATFORM, *_MERCHANT).join(Merchant, Merchant.platform_id == Platform.id)
    row = session.execute(statement.where(*conditions)).one_or_none()
    if row is None:
        return None
    values = tuple(row)
    return Tenant(platform=_platform(values), merchant=_merchant(values[4:]))


def _store_tenant(session: Session, *conditions: ColumnExpressionArgument[bool]) -> Tenant | None:
    statement: Select[Any] = (
        select(*_PLATFORM, *_MERCHANT, *_STORE)
        .join(Merchant, Merchant.platform_id == Platform.id)
        .join(Store, Store.merchant_id == Merchant.id)
        .where(*conditions)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    values = tuple(row)
    store_id, code, name, locale, locales, currency, is_open = values[8:]
    store = StoreRef(
        id=store_id,
        code=code,
        name=name,
        locale=locale,
        locales=tuple(locales),
        currency=currency,
        is_open=is_open and values[7] == "active",
    )
    return Tenant(platform=_platform(values), merchant=_merchant(values[4:]), store=store)


def _platform(values: tuple[Any, ...]) -> PlatformRef:
    platform_id, code, name, off = values[:4]
    return PlatformRef(id=platform_id, code=code, name=name, modules_off=modules_off(off or ()))


def _merchant(values: tuple[Any, ...]) -> MerchantRef:
    merchant_id, code, name = values[:3]
    return MerchantRef(id=merchant_id, code=code, name=name)
