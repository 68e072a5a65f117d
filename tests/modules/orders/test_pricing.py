"""Whatever is in a basket, its sums close to the cent."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from orion_core.tax import Buyer, Seller
from orion_orders.services.pricing import Basket, Reduction, Wanted, part_of, price

ON = date(2026, 11, 25)
SELLER = Seller("LU", vat_number="LU12345613", oss=True)
BUYERS = (
    Buyer("LU"),
    Buyer("DE"),
    Buyer("CH"),
    Buyer("FR", vat_number="FR40303265045", vat_number_valid=True),
)


def wanted(price_minor: int, quantity: int = 1, kind: str = "product", tax_class: str = "standard") -> Wanted:
    return Wanted(
        kind=kind,
        variant_id=None,
        sku="A",
        title="A",
        options={},
        image=None,
        quantity=quantity,
        price_minor=price_minor,
        tax_class=tax_class,
        tax_rate_bp=None,
    )


def priced(lines: list[Wanted], buyer: Buyer = BUYERS[0], reduction: Reduction | None = None) -> Basket:
    return price(lines, currency="EUR", seller=SELLER, buyer=buyer, on=ON, reduction=reduction)


goods = st.lists(
    st.builds(
        wanted,
        st.integers(0, 500_000),
        st.integers(1, 50),
        st.sampled_from(["product", "product", "shipping"]),
        st.sampled_from(["standard", "reduced"]),
    ),
    min_size=1,
    max_size=12,
)
reductions = st.one_of(
    st.none(),
    st.builds(Reduction, kind=st.just("percentage"), value=st.integers(0, 10_000)),
    st.builds(Reduction, kind=st.just("amount"), value=st.integers(0, 100_000)),
    st.just(Reduction(kind="free_shipping", value=0)),
)


@given(goods, st.sampled_from(BUYERS), reductions)
def test_sums_close(lines: list[Wanted], buyer: Buyer, reduction: Reduction | None) -> None:
    basket = priced(lines, buyer, reduction)
    assert basket.net_minor + basket.tax_minor + basket.rounding_minor == basket.total_minor
    assert basket.goods_minor + basket.shipping_minor - basket.discount_minor == basket.total_minor
    assert sum(line.total_minor for line in basket.lines) == basket.total_minor
    assert sum(line.discount_minor for line in basket.lines) == basket.discount_minor


@given(goods, st.sampled_from(BUYERS), reductions)
def test_no_discount_is_more_than_what_it_is_taken_off(
    lines: list[Wanted], buyer: Buyer, reduction: Reduction | None
) -> None:
    basket = priced(lines, buyer, reduction)
    free_delivery = reduction is not None and reduction.kind == "free_shipping"
    assert 0 <= basket.discount_minor <= (basket.shipping_minor if free_delivery else basket.goods_minor)
    assert all(line.total_minor >= 0 and line.discount_minor >= 0 for line in basket.lines)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_parts_of_a_line_sum_to_it_however_it_is_divided(amount: int, parts: list[int]) -> None:
    taken, got = 0, 0
    for pieces in parts:
        got += part_of(amount, sum(parts), taken, pieces)
        taken += pieces
    assert got == amount


def test_price_at_home_includes_the_tax() -> None:
    basket = priced([wanted(11_700)])
    assert (basket.total_minor, basket.net_minor, basket.tax_minor) == (11_700, 10_000, 1_700)


def test_whoever_owes_no_tax_pays_the_price_without_it() -> None:
    basket = priced([wanted(11_700)], Buyer("CH"))
    assert (basket.total_minor, basket.net_minor, basket.tax_minor) == (10_000, 10_000, 0)


def test_discount_is_not_taken_off_the_delivery() -> None:
    basket = priced([wanted(10_000), wanted(590, kind="shipping")], reduction=Reduction(kind="percentage", value=5_000))
    assert (basket.discount_minor, basket.total_minor) == (5_000, 5_590)
