"""Stores: made for active merchants, changed, opened and closed; their domains."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_core.services.audit import audit
from orion_tenancy.events import StoreCreated
from orion_tenancy.exceptions import CodeTaken, DomainTaken, MerchantNotActive
from orion_tenancy.models import Domain, Merchant, Store
from orion_tenancy.schemas import StoreChange, StoreInput
from orion_tenancy.services.listing import Key, take
from orion_tenancy.services.records import add_unique, get, get_locked
from orion_tenancy.services.roles import add_preset_roles
from orion_tenancy.services.scopes import acting_for, store_tenant


def create_store(session: Session, given: StoreInput) -> Store:
    merchant = get(session, Merchant, given.merchant_id)
    if merchant.state != "active":
        raise MerchantNotActive(f"{merchant.name} is {merchant.state}; only an active merchant can open stores")
    store = Store(**_values(given), code=given.code, merchant_id=merchant.id, platform_id=merchant.platform_id)
    add_unique(session, store, CodeTaken(errors={"code": CodeTaken.title}))
    with acting_for(session, store_tenant(session, store)):
        add_preset_roles(session)
        publish(
            session,
            StoreCreated(
                store_id=store.id,
                merchant_id=store.merchant_id,
                platform_id=store.platform_id,
                code=store.code,
                name=store.name,
                currency=store.currency,
            ),
        )
        audit(session, "tenancy.create_store", store, code=store.code, name=store.name)
    return store


def edit_store(session: Session, store_id: UUID, given: StoreChange, version: int | None) -> Store:
    store = get_locked(session, Store, store_id, version)
    values = _values(given)
    for name, value in values.items():
        setattr(store, name, value)
    with acting_for(session, store_tenant(session, store)):
        audit(session, "tenancy.edit_store", store, **values)
    return store


def open_or_close(session: Session, store_id: UUID, *, is_open: bool, version: int | None = None) -> Store:
    store = get_locked(session, Store, store_id, version)
    store.is_open = is_open
    with acting_for(session, store_tenant(session, store)):
        audit(session, "tenancy.open_store" if is_open else "tenancy.close_store", store)
    return store


def get_store(session: Session, store_id: UUID) -> Store:
    return get(session, Store, store_id)


def list_stores(
    session: Session,
    *,
    merchant_id: UUID | None = None,
    text: str = "",
    after: Key | None = None,
    limit: int = 20,
) -> tuple[list[Store], Key | None]:
    statement = select(Store)
    if merchant_id is not None:
        statement = statement.where(Store.merchant_id == merchant_id)
    if text:
        columns = (Store.name, Store.code)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return take(session, statement, Store, after=after, limit=limit)


def add_domain(session: Session, store: Store, host: str) -> Domain:
    """Note a store's wish for a host name; its token is to be published as a TXT record."""
    domain = Domain(
        platform_id=store.platform_id,
        store_id=store.id,
        host=host,
        verification_token=secrets.token_urlsafe(24),
    )
    add_unique(session, domain, DomainTaken(errors={"host": DomainTaken.title}))
    audit(session, "tenancy.add_domain", domain, host=host)
    return domain


def confirm_domain(session: Session, domain_id: UUID) -> Domain:
    """Mark a domain as verified, once the operator has seen its TXT record."""
    domain = get_locked(session, Domain, domain_id)
    domain.verified_at = domain.verified_at or datetime.now(UTC)
    audit(session, "tenancy.confirm_domain", domain, host=domain.host)
    return domain


def list_domains(session: Session, store_id: UUID) -> list[Domain]:
    return list(session.scalars(select(Domain).filter_by(store_id=store_id).order_by(Domain.host)))


def _values(given: StoreChange) -> dict[str, object]:
    values = given.model_dump(exclude={"code", "merchant_id"})
    values["locales"] = list(dict.fromkeys([given.locale, *given.locales]))
    return values
