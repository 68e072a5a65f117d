"""Texts lose their markup but not their words; addresses and codes are checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orion_catalog.feed import values
from orion_catalog.feed.errors import CellError


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Jumbo  bag\tred ", "Jumbo bag red"),
        ("<b>Gold</b> ring<script>alert(1)</script>", "Gold ring"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;ring", "ring"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;ring", "ring"),
        ("Ring<br>gold", "Ring gold"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("AT&T", "AT&T"),
        ("I <3 you", "I <3 you"),
        ("bell\x07 \u202egnp.exe", "bell gnp.exe"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_title_keeps_its_words_and_loses_its_markup(text: str, plain: str) -> None:
    assert values.line_of_text(text) == plain


def test_description_keeps_its_lines() -> None:
    assert values.paragraphs("<p>One  two</p><ul><li>three</li><li>four</li></ul>") == "One two\nthree\nfour"
    assert values.paragraphs("one\r\n\r\n\r\n\r\ntwo ") == "one\n\ntwo"


@given(st.text(alphabet=st.sampled_from("<>&;/abgltmpscriptq# \"'="), max_size=60))
def test_no_text_holds_a_tag_after_cleaning(text: str) -> None:
    cleaned = values.line_of_text(text)
    assert values.line_of_text(cleaned) == cleaned


def test_deeply_nested_markup_is_still_neutralised() -> None:
    assert "<" not in values.line_of_text("&amp;" * 20 + "lt;script&gt;" + "&amp;" * 2 + "lt;b&gt;")


@pytest.mark.parametrize("tag", ["<div>", "&lt;div&gt;"])
def test_text_of_nothing_but_tags_is_refused(tag: str) -> None:
    with pytest.raises(CellError, match="tags"):
        values.paragraphs(tag * 5_000)


@pytest.mark.parametrize("address", ["https://shop.example/a?b=c#d", "HTTP://shop.example", "https://ü.example/ä"])
def test_web_address_is_taken_as_it_is(address: str) -> None:
    assert values.web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://shop.example/a",
        "file:///etc/passwd",
        "//shop.example/a",
        "www.shop.example",
        "https://",
        "https:///a",
        "https://user:secret@shop.example/",
        "https://shop.example/a b",
        'https://shop.example/"onerror=x',
        "https://shop.example/\r\nSet-Cookie: a",
    ],
)
def test_anything_but_a_plain_web_address_is_refused(address: str) -> None:
    with pytest.raises(CellError, match="web address"):
        values.web_address(address)


def test_list_of_pictures_is_split_at_commas_between_addresses_only() -> None:
    text = "https://a.example/1,2.jpg, https://a.example/3.jpg,https://a.example/3.jpg"
    assert values.web_addresses(text) == ("https://a.example/1,2.jpg", "https://a.example/3.jpg")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *((word, True) for word in ("true", "YES", "ja", "Wahr", "oui", "vrai", "1")),
        *((word, False) for word in ("false", "no", "NEIN", "falsch", "non", "faux", "0")),
    ],
)
def test_booleans_are_read_in_three_languages(word: str, *, meant: bool) -> None:
    assert values.boolean(word) is meant


def test_unknown_boolean_is_refused() -> None:
    with pytest.raises(CellError):
        values.boolean("maybe")


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",
        "40063-81333931",
        "73513537",
        "036000291452",
        "10614141000415",
        "0306406152",
        "080442957X",
    ],
)
def test_product_codes_with_a_right_check_digit_are_taken(code: str) -> None:
    assert values.gtin(code) == code.replace("-", "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("4006381333932", "check digit"),
        ("0000000000000", "check digit"),
        ("123", "digits"),
        ("40063813339AB", "digits"),
        ("0306406153", "digits"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "digits"),
        ("4,00638E+12", "spreadsheet"),
    ],
)
def test_wrong_product_codes_are_refused_with_the_reason(code: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        values.gtin(code)


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check(body: str, place: int, shift: int) -> None:
    weights = [1, 3] * 6
    check = -sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 10
    code = f"{body}{check}"
    if set(code) != {"0"}:
        assert values.gtin(code) == code
    wrong = f"{code[:place]}{(int(code[place]) + shift) % 10}{code[place + 1 :]}"
    with pytest.raises(CellError):
        values.gtin(wrong)


def test_choice_is_known_in_every_spelling_of_gaps() -> None:
    allowed = ("in_stock", "out_of_stock")
    assert {values.choice(text, allowed) for text in ("in stock", "In_Stock", "IN-STOCK")} == {"in_stock"}
    with pytest.raises(CellError, match="in_stock, out_of_stock"):
        values.choice("soon", allowed)


def test_category_path_is_split_and_cleaned() -> None:
    assert values.category_path(" Home &amp; Living >  Gifts > ") == ("Home & Living", "Gifts")


@pytest.mark.parametrize("text", ["a\nb", "a\x07", "a\u202eb"])
def test_identifier_with_unseen_characters_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        values.identifier(text)
