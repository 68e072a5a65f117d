"""Variants and their prices; every change of a price leaves a row in the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_catalog.events import PriceChanged
from orion_catalog.exceptions import CodeTaken, VariantNotFound
from orion_catalog.models import PriceChange, Product, Variant
from orion_catalog.schemas import PriceInput, VariantInput
from orion_catalog.services.summaries import refresh_products
from orion_core.context import SYSTEM, current_context
from orion_core.errors import InvalidInput
from orion_core.events import publish
from orion_core.services.audit import audit

Source = Literal["edit", "import", "demo"]


def get_variant(session: Session, variant_id: UUID) -> Variant:
    found = session.scalars(select(Variant).where(Variant.id == variant_id).with_for_update()).one_or_none()
    if found is None:
        raise VariantNotFound
    return found


def add_variants(
    session: Session, product: Product, given: Iterable[VariantInput], source: Source = "edit"
) -> list[Variant]:
    """Add variants to a product; the caller refreshes it."""
    variants = [_new_variant(product, number, item) for number, item in enumerate(given)]
    skus = [variant.sku for variant in variants]
    taken = set(session.scalars(select(Variant.sku).where(Variant.sku.in_(skus))))
    if taken or len(set(skus)) < len(skus):
        raise CodeTaken(errors={"sku": f"already in use: {', '.join(sorted(taken)) or 'twice in this product'}"})
    session.add_all(variants)
    session.flush()
    for variant in variants:
        _note(session, variant, None, source)
    return variants


def edit_variant(
    session: Session,
    variant_id: UUID,
    given: VariantInput,
    *,
    is_active: bool = True,
    product_id: UUID | None = None,
) -> Variant:
    """Change a variant, which must be one of that product if one is named."""
    variant = get_variant(session, variant_id)
    if product_id not in (None, variant.product_id):
        raise VariantNotFound
    _check_price(given.price_minor, given.compare_at_minor)
    for name in ("sku", "gtin", "mpn", "options", "availability", "quantity_hint", "position"):
        setattr(variant, name, getattr(given, name))
    variant.is_active = is_active
    taken = select(Variant.id).where(Variant.sku == given.sku, Variant.id != variant.id)
    with session.no_autoflush:
        if session.scalar(taken):
            raise CodeTaken(errors={"sku": CodeTaken.title})
    _price(session, variant, given.price_minor, given.compare_at_minor, "edit")
    refresh_products(session, [variant.product_id])
    audit(session, "catalog.edit_variant", variant, sku=variant.sku)
    return variant


def set_price(session: Session, variant_id: UUID, given: PriceInput, source: Source = "edit") -> Variant:
    """Ask another price for a variant; the same price again changes nothing."""
    variant = get_variant(session, variant_id)
    _check_price(given.price_minor, given.compare_at_minor)
    if _price(session, variant, given.price_minor, given.compare_at_minor, source):
        refresh_products(session, [variant.product_id])
    return variant


def list_price_changes(session: Session, variant_id: UUID, limit: int = 200) -> list[PriceChange]:
    """Return the latest changes of a variant's price, oldest first."""
    latest = select(PriceChange).where(PriceChange.variant_id == variant_id)
    found = session.scalars(latest.order_by(PriceChange.at.desc(), PriceChange.id.desc()).limit(limit))
    return list(found)[::-1]


def _new_variant(product: Product, number: int, given: VariantInput) -> Variant:
    _check_price(given.price_minor, given.compare_at_minor)
    values = given.model_dump(exclude={"position"})
    return Variant(
        **values, position=given.position or number, product_id=product.id, currency=current_context().store.currency
    )


def _price(session: Session, variant: Variant, price: int, compare_at: int | None, source: Source) -> bool:
    if (variant.price_minor, variant.compare_at_minor) == (price, compare_at):
        return False
    old = variant.price_minor
    variant.price_minor, variant.compare_at_minor = price, compare_at
    session.flush()
    _note(session, variant, old, source)
    publish(
        session,
        PriceChanged(
            product_id=variant.product_id,
            variant_id=variant.id,
            sku=variant.sku,
            old_price_minor=old,
            price_minor=price,
            currency=variant.currency,
        ),
    )
    return True


def _note(session: Session, variant: Variant, old: int | None, source: Source) -> None:
    actor = current_context().actor or SYSTEM
    session.add(
        PriceChange(
            variant_id=variant.id,
            old_price_minor=old,
            price_minor=variant.price_minor,
            compare_at_minor=variant.compare_at_minor,
            currency=variant.currency,
            source=source,
            actor_name=actor.name,
            actor_id=actor.id,
        )
    )


def _check_price(price: int, compare_at: int | None) -> None:
    if compare_at is not None and compare_at <= price:
        raise InvalidInput(errors={"compare_at_minor": "The price before must be higher than the price now"})
