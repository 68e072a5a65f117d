"""Ways of delivery and promotions: which apply, and what they change."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import Prepared
from orion_orders.exceptions import PromotionRefused
from orion_orders.models import Order, Promotion, ShippingMethod
from orion_orders.services.pricing import Reduction, Wanted


class KnownPromotion(NamedTuple):
    """What there is to know of a promotion to decide whether it applies."""

    id: UUID
    code: str | None
    title: str
    kind: str
    value: int
    min_goods_minor: int
    starts_at: datetime | None
    ends_at: datetime | None
    usage_limit: int | None
    times_used: int
    once_per_customer: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A way of delivery with its name in the language of the request and its price for one basket."""

    id: UUID
    code: str
    name: str
    carrier: str
    is_pickup: bool
    countries: list[str]
    tax_class: str
    price_minor: int


_METHODS = Prepared(
    select(
        ShippingMethod.id,
        ShippingMethod.code,
        ShippingMethod.name,
        ShippingMethod.names,
        ShippingMethod.carrier,
        ShippingMethod.is_pickup,
        ShippingMethod.countries,
        ShippingMethod.tax_class,
        ShippingMethod.price_minor,
        ShippingMethod.free_from_minor,
    )
    .where(ShippingMethod.store_id == bindparam("store_id"), ShippingMethod.is_active)
    .order_by(ShippingMethod.position, ShippingMethod.id)
)
_PROMOTIONS = select(*(getattr(Promotion, name) for name in KnownPromotion._fields)).where(
    Promotion.store_id == bindparam("store_id")
)
_BY_CODE = Prepared(_PROMOTIONS.where(Promotion.code == bindparam("code")))
_AUTOMATIC = Prepared(_PROMOTIONS.where(Promotion.code.is_(None), Promotion.is_active))


def list_deliveries(session: Session, country: str | None, goods_minor: int) -> list[Delivery]:
    """Return the ways of delivery to a country with their prices, in the store's order.

    Args:
        session: A session of the store.
        country: Where to; all ways if not known yet.
        goods_minor: Value of the goods, which may make delivery free.
    """
    session.flush()
    locale, found = current_context().locale, []
    for row in _METHODS.rows(session, _here()):
        method_id, code, name, names, carrier, is_pickup, countries, tax_class, price_minor, free_from = row
        if country is not None and countries and country not in countries:
            continue
        free = free_from is not None and goods_minor >= free_from
        found.append(
            Delivery(
                id=method_id,
                code=code,
                name=names.get(locale) or name,
                carrier=carrier,
                is_pickup=is_pickup,
                countries=countries,
                tax_class=tax_class,
                price_minor=0 if free else price_minor,
            )
        )
    return found


def as_wanted(delivery: Delivery) -> Wanted:
    """Return the delivery as a line to be priced."""
    return Wanted(
        kind="shipping",
        variant_id=None,
        sku=delivery.code,
        title=delivery.name,
        options={},
        image=None,
        quantity=1,
        price_minor=delivery.price_minor,
        tax_class=delivery.tax_class,
        tax_rate_bp=None,
    )


def find_promotion(
    session: Session, code: str | None, goods_minor: int, customer_id: UUID | None
) -> KnownPromotion | None:
    """Return the promotion for a basket: the one of the code, else the best without a code.

    Args:
        session: A session of the store.
        code: What the buyer typed.
        goods_minor: Value of the goods.
        customer_id: The buyer's account, if any.

    Raises:
        PromotionRefused: If the code does not exist or does not apply; the message says why.
    """
    if code:
        known = _known(session, _BY_CODE, code=code.strip().upper())
        if not known:
            raise PromotionRefused("this code does not exist", errors={"promotion_code": "this code does not exist"})
        found = known[0]
        if reason := _refusal(session, found, goods_minor, customer_id):
            raise PromotionRefused(reason, errors={"promotion_code": reason})
        return found
    automatic = _known(session, _AUTOMATIC)
    fitting = [each for each in automatic if not _refusal(session, each, goods_minor, customer_id)]
    return max(fitting, key=lambda each: (_worth(each, goods_minor), str(each.id)), default=None)


def reduction(promotion: KnownPromotion | None) -> Reduction | None:
    """Return what a promotion takes off, for pricing."""
    return Reduction(kind=promotion.kind, value=promotion.value) if promotion else None


def use_promotion(session: Session, promotion_id: UUID) -> None:
    """Count one use of a promotion; the row stays locked until the order is committed.

    Raises:
        PromotionRefused: If others used it up in the meantime.
    """
    statement = (
        update(Promotion)
        .where(
            Promotion.id == promotion_id,
            or_(Promotion.usage_limit.is_(None), Promotion.times_used < Promotion.usage_limit),
        )
        .values(times_used=Promotion.times_used + 1)
        .returning(Promotion.id)
    )
    if session.scalar(statement) is None:
        raise PromotionRefused("this code was used up", errors={"promotion_code": "this code was used up"})


def give_back_promotion(session: Session, promotion_id: UUID) -> None:
    """Undo one use: its order was cancelled before anything left the house."""
    statement = update(Promotion).where(Promotion.id == promotion_id, Promotion.times_used > 0)
    session.execute(statement.values(times_used=Promotion.times_used - 1))


def _known(session: Session, statement: Prepared, **values: str) -> list[KnownPromotion]:
    session.flush()
    return [KnownPromotion(*row) for row in statement.rows(session, {**_here(), **values})]


def _here() -> dict[str, UUID]:
    return {"store_id": current_context().store.id}


def _refusal(session: Session, promotion: KnownPromotion, goods_minor: int, customer_id: UUID | None) -> str:
    """Return why a promotion does not apply; empty if it does."""
    now = datetime.now(UTC)
    if not promotion.is_active or (promotion.ends_at and promotion.ends_at <= now):
        return "this code is no longer valid"
    if promotion.starts_at and promotion.starts_at > now:
        return "this code is not valid yet"
    if promotion.usage_limit is not None and promotion.times_used >= promotion.usage_limit:
        return "this code was used up"
    if goods_minor < promotion.min_goods_minor:
        return "the goods are not worth enough for this code"
    if promotion.once_per_customer and (customer_id is None or _used_by(session, promotion, customer_id)):
        return "this code works once per customer, for those who are signed in"
    return ""


def _used_by(session: Session, promotion: KnownPromotion, customer_id: UUID) -> bool:
    statement = select(func.count()).where(
        Order.customer_id == customer_id,
        Order.promotion["id"].astext == str(promotion.id),
        Order.status.not_in(("cancelled", "expired", "declined")),
    )
    return bool(session.scalar(statement))


def _worth(promotion: KnownPromotion, goods_minor: int) -> int:
    if promotion.kind == "percentage":
        return goods_minor * promotion.value // 10_000
    return min(promotion.value, goods_minor) if promotion.kind == "amount" else 1
