"""The rules of a product row, each with the reason a shop gets to read."""

from __future__ import annotations

import pytest

from tests.modules.catalog.feed.conftest import Read

GOOD = {"id": "1", "title": "Ring", "price": "10.00"}


def _feed(*rows: dict[str, str]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["\t".join(names), *("\t".join(row.get(name, "") for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"id": " "}, "id", "missing_id"),
        ({"title": ""}, "title", "missing_title"),
        ({"title": "<b></b>"}, "title", "missing_title"),
        ({"price": ""}, "price", "missing_price"),
        ({"price": "0.00 EUR"}, "price", "price_not_positive"),
        ({"price": "-1.00"}, "price", "price_not_positive"),
        ({"price": "ten"}, "price", "not_a_number"),
        ({"sale_price": "10.00"}, "sale_price", "sale_price_not_lower"),
        ({"sale_price": "-1.00"}, "sale_price", "price_not_positive"),
        ({"sale_price": "9.00 USD"}, "sale_price", "currency_differs"),
        ({"gtin": "4006381333932"}, "gtin", "gtin_check_digit"),
        ({"availability": "soon"}, "availability", "unknown_value"),
        ({"condition": "broken"}, "condition", "unknown_value"),
        ({"gender": "x"}, "gender", "unknown_value"),
        ({"age_group": "old"}, "age_group", "unknown_value"),
        ({"delivery_method": "pigeon"}, "delivery_method", "unknown_value"),
        ({"adult": "maybe"}, "adult", "not_a_boolean"),
        ({"link": "javascript:alert(1)"}, "link", "bad_url"),
        ({"image_link": "/a.jpg"}, "image_link", "bad_url"),
        ({"additional_image_link": "https://a.example/1,x"}, "", ""),
        ({"additional_image_link": "data:x"}, "additional_image_link", "bad_url"),
        ({"quantity": "-1"}, "quantity", "bad_quantity"),
        ({"tax_rate": "0.17"}, "tax_rate", "bad_tax_rate"),
        ({"boost_sort": "11"}, "boost_sort", "out_of_range"),
        ({"id": "x" * 101}, "id", "too_long"),
        ({"title": "x" * 501}, "title", "too_long"),
    ],
)
def test_each_rule_refuses_its_row_only(read: Read, cells: dict[str, str], column: str, code: str) -> None:
    reading = read(_feed({**GOOD, **cells}, {**GOOD, "id": "2"}))
    assert reading.rows[-1].external_id == "2"
    assert [(error.column, error.code) for error in reading.errors] == ([(column, code)] if code else [])
    for error in reading.errors:
        assert error.reason.startswith(f"{column} ")
        assert error.value == {**GOOD, **cells}[column][:100]


def test_full_row_is_read_into_its_fields(read: Read) -> None:
    (row,) = read(
        _feed(
            {
                **GOOD, "description": "<p>Fine</p>", "link": "https://a.example/p", "image_link": "https://a.example/1",
                "additional_image_link": "https://a.example/1,https://a.example/2", "sale_price": "9.50",
                "availability": "preorder", "atalanda:quantity": "3", "atalanda:tax_rate": "8",
                "atalanda:preorder_days": "5", "atalanda:delivery_method": "nationwide",
                "atalanda:boost_sort": "5.5", "product_type": "A > B", "google_product_category": "188",
                "atalanda:additional_product_type_2": "C",
                "brand": "Acme", "gtin": "4006381333931", "mpn": "M-1", "identifier_exists": "ja",
                "item_group_id": "G", "color": "Gold", "size": "52", "gender": "Female", "age_group": "adult",
                "adult": "non", "condition": "used", "shelf": "A7",
            }
        )
    ).rows  # fmt: skip
    assert (row.row, row.line, row.external_id, row.title, row.description) == (1, 2, "1", "Ring", "Fine")
    assert (row.price_minor, row.sale_price_minor, row.currency, row.tax_rate) == (1000, 950, "EUR", 800)
    assert (row.quantity, row.availability, row.preorder_days) == (3, "preorder", 5)
    assert (row.condition, row.delivery_method, str(row.boost_sort)) == ("used", "nationwide", "5.50")
    assert (row.category, row.further_categories, row.google_category) == (("A", "B"), (("C",),), "188")
    assert (row.link, row.images) == ("https://a.example/p", ("https://a.example/1", "https://a.example/2"))
    assert (row.brand, row.gtin, row.mpn, row.item_group_id) == ("Acme", "4006381333931", "M-1", "G")
    assert row.options == {"color": "Gold", "size": "52", "gender": "female", "age_group": "adult"}
    assert (row.adult, row.identifier_exists, row.extras) == (False, True, {"shelf": "A7"})
    assert len(row.content_hash) == 16


def test_absent_fields_have_the_defaults_of_the_format(read: Read) -> None:
    (row,) = read(_feed(GOOD), default_currency="CHF", default_tax_rate=810).rows
    assert (row.currency, row.tax_rate, row.condition, row.delivery_method) == (
        "CHF",
        810,
        "new",
        "package_delivery",
    )
    assert (row.quantity, row.availability, row.images, row.category, row.adult) == (
        None,
        None,
        (),
        (),
        False,
    )


def test_second_row_with_an_id_is_refused_but_not_one_after_a_refused_row(read: Read) -> None:
    reading = read(_feed({**GOOD, "price": "0"}, GOOD, {**GOOD, "title": "Other"}))
    assert reading.outcomes == ["price_not_positive", "1", "duplicate_id"]


def test_variants_of_one_product_share_a_tax_rate(read: Read) -> None:
    variants = [{**GOOD, "id": str(number), "item_group_id": "G", "tax_rate": "17"} for number in range(4)]
    variants[1]["tax_rate"] = ""
    variants[2]["tax_rate"] = "8"
    assert read(_feed(*variants), default_tax_rate=1700).outcomes == ["0", "1", "tax_rate_differs", "3"]


def test_quantity_is_trusted_over_in_stock(read: Read) -> None:
    stock = {"availability": "in stock", "quantity": "0"}
    reading = read(_feed({**GOOD, **stock}, {**GOOD, **stock, "id": "2"}))
    assert [(row.availability, row.warnings) for row in reading.rows] == [("out_of_stock", ("stock_conflict",))] * 2
    (warning,) = reading.reader.warnings
    assert (warning.code, warning.count, warning.first_row) == ("stock_conflict", 2, 1)


def test_availability_follows_from_quantity_where_it_is_missing(read: Read) -> None:
    reading = read(_feed({**GOOD, "quantity": "3"}, {**GOOD, "id": "2", "quantity": "0"}))
    assert [row.availability for row in reading.rows] == ["in_stock", "out_of_stock"]


def test_sale_price_of_zero_means_no_sale(read: Read) -> None:
    (row,) = read(_feed({**GOOD, "sale_price": "0.00"})).rows
    assert (row.sale_price_minor, row.warnings) == (None, ("sale_price_zero",))


def test_too_many_boosted_products_are_reported(read: Read) -> None:
    reading = read(_feed(*({**GOOD, "id": str(number), "boost_sort": "9"} for number in range(3))))
    assert reading.warning_codes == ["too_many_boosted"]


def test_decimal_comma_is_read_where_the_column_is_consistent(read: Read) -> None:
    reading = read(_feed({**GOOD, "price": "1.234,50"}, {**GOOD, "id": "2", "price": "4,95"}, {**GOOD, "id": "3"}))
    assert reading.outcomes == ["decimal_mark", "decimal_mark", "3"]
    assert reading.warning_codes == ["mixed_decimals"]
    reading = read(_feed({**GOOD, "price": "1.234,50"}, {**GOOD, "id": "2", "price": "4,95 €"}))
    assert [row.price_minor for row in reading.rows] == [123450, 495]
    assert reading.warning_codes == ["decimal_comma"]


def test_hash_says_whether_the_content_changed(read: Read) -> None:
    (one,) = read("id,title,price,tax_rate,shelf\n1,Ring,10.00,17,A\n").rows
    (same,) = read("\n\nshelf;vat;price;g:title;sku\nA;17.0 %;10,00 EUR; Ring ;1\n").rows
    assert same.content_hash == one.content_hash
    for other in (
        "2,Ring,10.00,17,A",
        "1,Rings,10.00,17,A",
        "1,Ring,10.01,17,A",
        "1,Ring,10.00,8,A",
        "1,Ring,10.00,17,",
    ):
        (changed,) = read(f"id,title,price,tax_rate,shelf\n{other}\n").rows
        assert changed.content_hash != one.content_hash


def test_refused_row_still_names_its_product(read: Read) -> None:
    (error,) = read(_feed({**GOOD, "id": " A-1 ", "price": "0"})).errors
    assert error.external_id == "A-1"
