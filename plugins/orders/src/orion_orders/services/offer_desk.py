"""Keeps what a store offers beside its goods: promotions and ways of delivery are made, changed and switched off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from orion_core.db import duplicate_key
from orion_core.errors import InvalidInput, StaleVersion
from orion_core.services.audit import audit
from orion_core.services.newest import take
from orion_orders.exceptions import OfferCodeTaken, RecordNotFound
from orion_orders.models import Promotion, ShippingMethod
from orion_orders.offer_schemas import MethodInput, PromotionInput

WHOLE_BP = 10_000
T = TypeVar("T", Promotion, ShippingMethod)


def list_promotions(session: Session) -> Sequence[Promotion]:
    """Return the store's promotions, those in force first."""
    statement = select(Promotion).order_by(Promotion.is_active.desc(), Promotion.created_at.desc(), Promotion.id)
    return session.scalars(statement.limit(500)).all()


def list_methods(session: Session) -> Sequence[ShippingMethod]:
    """Return the store's ways of delivery, in the order in which buyers see them."""
    statement = select(ShippingMethod).order_by(ShippingMethod.position, ShippingMethod.id)
    return session.scalars(statement.limit(500)).all()


def page_of(
    session: Session, table: type[T], limit: int, after: tuple[Any, ...] | None
) -> tuple[list[T], tuple[Any, ...] | None]:
    """Return a page of promotions or ways of delivery, the newest first, and the key the next page starts after.

    Args:
        session: A session of the store.
        table: Which of the two.
        limit: Rows wanted.
        after: Key of the last row seen.
    """
    return take(session, select(table), table.id, UUID, after=after, limit=limit)


def get_promotion(session: Session, promotion_id: UUID) -> Promotion:
    """Return a promotion.

    Raises:
        RecordNotFound: The store has no such promotion.
    """
    found = session.scalars(select(Promotion).where(Promotion.id == promotion_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such promotion")
    return found


def get_method(session: Session, method_id: UUID) -> ShippingMethod:
    """Return a way of delivery.

    Raises:
        RecordNotFound: The store has no such way.
    """
    found = session.scalars(select(ShippingMethod).where(ShippingMethod.id == method_id)).one_or_none()
    if found is None:
        raise RecordNotFound("there is no such way of delivery")
    return found


def save_promotion(
    session: Session, given: PromotionInput, promotion_id: UUID | None = None, version: int | None = None
) -> Promotion:
    """Make or change a promotion. Orders that used it keep what they were given.

    Args:
        session: A session of the store.
        given: What it shall be.
        promotion_id: Which; a new one if left out.
        version: The version that was looked at.

    Raises:
        RecordNotFound: The store has no such promotion.
        InvalidInput: The parts do not go together; the errors say which.
        OfferCodeTaken: Another promotion has this code.
        StaleVersion: Somebody changed it in the meantime.
    """
    row = _locked(session, get_promotion(session, promotion_id)) if promotion_id else Promotion(times_used=0)
    if errors := _contradictions(given, row.times_used):
        raise InvalidInput(errors=errors)
    return _save(session, row, given.model_dump(), version)


def save_method(
    session: Session, given: MethodInput, method_id: UUID | None = None, version: int | None = None
) -> ShippingMethod:
    """Make or change a way of delivery. Placed orders keep the one they were placed with.

    Args:
        session: A session of the store.
        given: What it shall be.
        method_id: Which; a new one if left out.
        version: The version that was looked at.

    Raises:
        RecordNotFound: The store has no such way.
        OfferCodeTaken: Another way of delivery has this code.
        StaleVersion: Somebody changed it in the meantime.
    """
    row = _locked(session, get_method(session, method_id)) if method_id else ShippingMethod()
    return _save(session, row, given.model_dump(), version)


def _contradictions(given: PromotionInput, times_used: int) -> dict[str, str]:
    """Return what of a promotion does not go together, by field."""
    errors: dict[str, str] = {}
    if given.kind == "percentage" and not 0 < given.value <= WHOLE_BP:
        errors["value"] = "Write a percentage above 0, up to 100"
    if given.kind == "amount" and not given.value:
        errors["value"] = "Write an amount such as 12.50"
    if given.kind == "free_shipping" and given.value:
        errors["value"] = "Free delivery has no value of its own"
    if given.starts_at and given.ends_at and given.ends_at <= given.starts_at:
        errors["ends_at"] = "It would end before it begins"
    if given.usage_limit is not None and given.usage_limit < times_used:
        errors["usage_limit"] = "It was used more often already"
    return errors


def _locked(session: Session, row: T) -> T:
    """Lock a row until the commit, and read it anew: others may have changed it, and orders count uses."""
    session.refresh(row, with_for_update=True)
    return row


def _save(session: Session, row: T, values: dict[str, Any], version: int | None) -> T:
    if version is not None and row.version != version:
        raise StaleVersion
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if "code" not in duplicate_key(error):
            raise
        raise OfferCodeTaken(errors={"code": "Another one has this code"}) from error
    changed = {name: value for name, value in values.items() if not isinstance(value, datetime)}
    audit(session, f"orders.save_{'promotion' if isinstance(row, Promotion) else 'delivery'}", row, **changed)
    return row
