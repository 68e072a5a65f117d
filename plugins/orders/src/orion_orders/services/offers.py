"""Ways of delivery and promotions: which apply, and what they change."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_orders.exceptions import PromotionRefused
from orion_orders.models import Order, Promotion, ShippingMethod
from orion_orders.services.pricing import Reduction, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A way of delivery with its price for one basket."""

    method: ShippingMethod
    price_minor: int

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return str(self.method.names.get(current_context().locale) or self.method.name)


def list_deliveries(session: Session, country: str | None, goods_minor: int) -> list[Delivery]:
    """Return the ways of delivery to a country with their prices, in the store's order.

    Args:
        session: A session of the store.
        country: Where to; all ways if not known yet.
        goods_minor: Value of the goods, which may make delivery free.
    """
    statement = select(ShippingMethod).where(ShippingMethod.is_active)
    methods = session.scalars(statement.order_by(ShippingMethod.position, ShippingMethod.id))
    fitting = [method for method in methods if country is None or not method.countries or country in method.countries]
    return [Delivery(method=method, price_minor=_price(method, goods_minor)) for method in fitting]


def as_wanted(delivery: Delivery) -> Wanted:
    """Return the delivery as a line to be priced."""
    return Wanted(
        kind="shipping",
        variant_id=None,
        sku=delivery.method.code,
        title=delivery.name,
        options={},
        image=None,
        quantity=1,
        price_minor=delivery.price_minor,
        tax_class=delivery.method.tax_class,
        tax_rate_bp=None,
    )


def find_promotion(session: Session, code: str | None, goods_minor: int, customer_id: UUID | None) -> Promotion | None:
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
        found = session.scalars(select(Promotion).where(Promotion.code == code.strip().upper())).one_or_none()
        if found is None:
            raise PromotionRefused("this code does not exist", errors={"promotion_code": "this code does not exist"})
        if reason := _refusal(session, found, goods_minor, customer_id):
            raise PromotionRefused(reason, errors={"promotion_code": reason})
        return found
    automatic = session.scalars(select(Promotion).where(Promotion.code.is_(None), Promotion.is_active)).all()
    fitting = [each for each in automatic if not _refusal(session, each, goods_minor, customer_id)]
    return max(fitting, key=lambda each: (_worth(each, goods_minor), str(each.id)), default=None)


def reduction(promotion: Promotion | None) -> Reduction | None:
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


def _price(method: ShippingMethod, goods_minor: int) -> int:
    free = method.free_from_minor is not None and goods_minor >= method.free_from_minor
    return 0 if free else method.price_minor


def _refusal(session: Session, promotion: Promotion, goods_minor: int, customer_id: UUID | None) -> str:
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


def _used_by(session: Session, promotion: Promotion, customer_id: UUID) -> bool:
    statement = select(func.count()).where(
        Order.customer_id == customer_id,
        Order.promotion["id"].astext == str(promotion.id),
        Order.status.not_in(("cancelled", "expired", "declined")),
    )
    return bool(session.scalar(statement))


def _worth(promotion: Promotion, goods_minor: int) -> int:
    if promotion.kind == "percentage":
        return goods_minor * promotion.value // 10_000
    return min(promotion.value, goods_minor) if promotion.kind == "amount" else 1
