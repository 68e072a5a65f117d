"""What a basket costs: discounts spread over lines, one tax decision per line, sums that close to the cent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from orion_core.money import Money
from orion_core.tax import Buyer, GrossLine, Seller, TaxDecision, decide_tax, net_of, split_gross


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something to be priced: an article with its price at home, or the delivery.

    Args:
        kind: ``product`` or ``shipping``.
        variant_id: The variant, for a product.
        sku: Article number, or the code of the way of delivery.
        title: As the buyer reads it.
        options: Such as ``{"size": "52"}``.
        image: Address of a picture.
        quantity: Pieces.
        price_minor: Price of one piece including the seller's domestic tax.
        tax_class: Such as ``standard``.
        tax_rate_bp: Overrides the class's domestic rate, in basis points.
    """

    kind: str
    variant_id: UUID | None
    sku: str
    title: str
    options: dict[str, Any]
    image: str | None
    quantity: int
    price_minor: int
    tax_class: str
    tax_rate_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What a promotion takes off.

    Args:
        kind: ``percentage``, ``amount`` or ``free_shipping``.
        value: Basis points of the goods, or minor units.
    """

    kind: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with its price, its part of the discount, and its tax."""

    wanted: Wanted
    unit_price_minor: int
    discount_minor: int
    total_minor: int
    net_minor: int
    tax: TaxDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What everything costs. ``net + tax + rounding = total = goods + shipping - discount``, in minor units."""

    lines: tuple[PricedLine, ...]
    currency: str
    goods_minor: int
    shipping_minor: int
    discount_minor: int
    net_minor: int
    tax_minor: int
    rounding_minor: int
    total_minor: int


def price(
    wanted: Sequence[Wanted],
    *,
    currency: str,
    seller: Seller,
    buyer: Buyer,
    on: date,
    reduction: Reduction | None = None,
) -> Basket:
    """Price a basket.

    Args:
        wanted: Its lines, the delivery among them.
        currency: Of all amounts, ISO 4217.
        seller: Who sells.
        buyer: Who buys, and where the goods go.
        on: Day of the supply, which decides the rates.
        reduction: What a promotion takes off.
    """
    decided = [_decided(line, seller, buyer, on) for line in wanted]
    gross = [unit * line.quantity for line, (unit, _) in zip(wanted, decided, strict=True)]
    discounts = _discounts(wanted, gross, reduction, currency)
    totals = [whole - less for whole, less in zip(gross, discounts, strict=True)]
    taxed = enumerate(zip(totals, decided, strict=True))
    split = split_gross([GrossLine(at, total, tax.category, tax.rate_bp) for at, (total, (_, tax)) in taxed])
    lines = tuple(
        PricedLine(
            wanted=line,
            unit_price_minor=unit,
            discount_minor=less,
            total_minor=total,
            net_minor=split.net[number],
            tax=tax,
        )
        for number, (line, (unit, tax), less, total) in enumerate(zip(wanted, decided, discounts, totals, strict=True))
    )
    shipping = sum(whole for line, whole in zip(wanted, gross, strict=True) if line.kind == "shipping")
    return Basket(
        lines=lines,
        currency=currency,
        goods_minor=sum(gross) - shipping,
        shipping_minor=shipping,
        discount_minor=sum(discounts),
        net_minor=split.net_minor,
        tax_minor=split.tax_minor,
        rounding_minor=split.rounding_minor,
        total_minor=sum(totals),
    )


def _decided(line: Wanted, seller: Seller, buyer: Buyer, on: date) -> tuple[int, TaxDecision]:
    """Return the price of one piece for this buyer, and the tax decision.

    Prices include the domestic tax. Whoever owes none to the seller pays the price without it; a destination's rate
    is inside the same price.
    """
    kind: dict[str, Any] = {"tax_class": line.tax_class, "rate_override_bp": line.tax_rate_bp, "on": on}
    tax = decide_tax(seller, buyer, **kind)
    if tax.rate_bp or tax.reason in ("small_business", "zero_rated"):
        return line.price_minor, tax
    at_home = decide_tax(seller, Buyer(seller.country), **kind)
    return net_of(line.price_minor, at_home.rate_bp), tax


def _discounts(wanted: Sequence[Wanted], gross: Sequence[int], reduction: Reduction | None, currency: str) -> list[int]:
    """Return what is taken off each line; the parts sum to the whole (largest remainder)."""
    if reduction is None:
        return [0] * len(wanted)
    on_shipping = reduction.kind == "free_shipping"
    weights = [
        amount if (line.kind == "shipping") is on_shipping else 0 for line, amount in zip(wanted, gross, strict=True)
    ]
    if not sum(weights):
        return [0] * len(wanted)
    return [part.amount for part in Money(_taken_off(reduction, sum(weights)), currency).allocate(weights)]


def _taken_off(reduction: Reduction, base: int) -> int:
    if reduction.kind == "percentage":
        return (base * reduction.value + 5_000) // 10_000
    return base if reduction.kind == "free_shipping" else min(reduction.value, base)


def part_of(amount: int, quantity: int, taken: int, pieces: int) -> int:
    """Return what ``pieces`` of a line are worth, so that all parts of a line sum to it however it is divided.

    Args:
        amount: What the whole line is worth, in minor units.
        quantity: Pieces of the line.
        taken: Pieces that were accounted for before.
        pieces: Pieces to account for now.
    """
    return amount * (taken + pieces) // quantity - amount * taken // quantity
