"""Acting for a tenant from outside it, so that events, audit entries and rows carry the right owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy.orm import Session

from orion_core.context import MerchantRef, PlatformRef, StoreRef, Tenant, current_context, use_context
from orion_tenancy.models import Merchant, Platform, Store


@contextmanager
def acting_for(session: Session, tenant: Tenant) -> Iterator[None]:
    """Write rows for ``tenant`` inside the block; a platform-wide session only, the database role stays."""
    with use_context(replace(current_context(), tenant=tenant)):
        yield
        session.flush()  # defaults take the tenant from the context when the rows are written


def platform_tenant(platform: PlatformRef | Platform) -> Tenant:
    return Tenant(platform=PlatformRef(id=platform.id, code=platform.code, name=platform.name))


def merchant_tenant(session: Session, merchant: Merchant) -> Tenant:
    platform = session.get_one(Platform, merchant.platform_id)
    ref = MerchantRef(id=merchant.id, code=merchant.code, name=merchant.name)
    return replace(platform_tenant(platform), merchant=ref)


def store_tenant(session: Session, store: Store) -> Tenant:
    merchant = session.get_one(Merchant, store.merchant_id)
    ref = StoreRef(
        id=store.id,
        code=store.code,
        name=store.name,
        locale=store.locale,
        locales=tuple(store.locales),
        currency=store.currency,
        is_open=store.is_open,
    )
    return replace(merchant_tenant(session, merchant), store=ref)
