"""The macros, one fact each: what a page author relies on when calling them."""

import re
from datetime import date
from typing import Any

import pytest

from tests.core.ui.host import Money, environment

HOSTILE = "<img src=x onerror=alert(1)>\"'"


def call(file: str, expression: str, **values: Any) -> str:
    """Renders one macro call, with white space folded."""
    source = f'{{% import "core/macros/{file}.html" as m %}}{{{{ m.{expression} }}}}'
    html = environment().from_string(source).render(**values)
    return re.sub(r"\s+", " ", html).strip()


def test_wrong_field_is_tied_to_its_error_and_help() -> None:
    html = call("forms", "field('sku', 'Number', 'A1', help='Unique', error='Taken', required=true)")
    assert 'value="A1" id="sku-field" name="sku" required aria-invalid="true"' in html
    assert 'aria-describedby="sku-field-error sku-field-help"' in html
    assert 'id="sku-field-error">Taken<' in html


def test_field_says_when_it_is_optional() -> None:
    assert "optional" in call("forms", "field('note', 'Note')")
    assert "optional" not in call("forms", "field('note', 'Note', required=true)")


def test_field_without_a_value_is_empty_rather_than_none() -> None:
    assert 'value=""' in call("forms", "field('note', 'Note', none)")
    assert "None" not in call("forms", "textarea('note', 'Note', none)")


def test_attributes_of_a_field_are_escaped() -> None:
    html = call("forms", "field('q', 'Q', attributes={'data-x': text, 'maxlength': 9})", text='"><script>')
    assert 'maxlength="9"' in html
    assert "<script>" not in html


def test_checked_box_stays_checked() -> None:
    assert 'value="1" checked id="on-field"' in call("forms", "checkbox('on', 'On', true)")
    assert "checked" not in call("forms", "checkbox('on', 'On').replace('form-check', '')")


@pytest.mark.parametrize("value", [2, "2"])
def test_select_compares_values_as_texts(value: object) -> None:
    html = call("forms", "select('n', 'N', [(1, 'One'), ('2', 'Two')], value, prompt='Any')", value=value)
    assert '<option value="2" selected>Two</option>' in html
    assert html.count("selected") == 1


def test_money_field_names_its_currency_and_asks_for_digits() -> None:
    html = call("forms", "money('price', 'Price', 'EUR', '12.50')")
    assert "Price (EUR)" in html
    assert 'inputmode="decimal"' in html


def test_radio_group_has_a_legend_and_one_choice() -> None:
    html = call("forms", "radios('s', 'State', [('a', 'A', ''), ('b', 'B', 'Help')], 'b')")
    assert "<legend" in html
    assert html.count(" checked") == 1


def test_problem_summary_counts_and_links_to_the_fields() -> None:
    assert call("forms", "problems([])") == ""
    assert '<a href="#zip-field">Missing</a>' in call("forms", "problems([('zip', 'Missing')])")
    assert "2 entries need" in call("forms", "problems([('a', 'x'), ('b', 'y')])")


def test_sorting_turns_round_and_leaves_the_cursor_behind() -> None:
    query = {"q": "a&b", "sort": "name", "cursor": "c3"}
    html = call("tables", "sorted('Name', 'name', query)", query=query)
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=a%26b&amp;sort=-name"' in html
    assert 'href="?q=a%26b&amp;sort=price"' in call("tables", "sorted('Price', 'price', query)", query=query)


def test_pager_keeps_the_filters_and_replaces_the_cursor() -> None:
    html = call("tables", "pager(query, next='n1')", query={"q": "x", "cursor": "old"})
    assert 'rel="next" href="?q=x&amp;cursor=n1"' in html
    assert 'rel="first" href="?q=x"' in html


def test_pager_of_a_single_page_is_nothing() -> None:
    assert call("tables", "pager({'q': 'x'})") == ""
    assert 'rel="first"' not in call("tables", "pager({}, next='n1')")


def test_filters_offer_to_clear_only_what_is_set() -> None:
    assert "Clear filters" not in call("tables", "filters({'sort': 'name'}, 'Search')")
    assert "Clear filters" in call("tables", "filters({'state': 'live'}, 'Search')")
    assert 'name="sort" value="name"' in call("tables", "filters({'sort': 'name'}, 'Search')")


def test_filters_use_htmx_only_when_told_which_part_to_replace() -> None:
    assert "hx-get" not in call("tables", "filters({}, 'Search')")
    assert 'hx-target="#list"' in call("tables", "filters({}, 'Search', results='list')")


def test_empty_list_names_the_one_thing_to_do() -> None:
    html = call("tables", "empty('No orders yet', action_label='Share your shop', action_url='/share')")
    assert '<a class="btn btn-primary" href="/share">Share your shop</a>' in html


def test_progress_stops_asking_when_there_is_nothing_to_ask() -> None:
    running = call("ui", "progress('Import', 5, 20, poll='/p')")
    assert 'hx-get="/p" hx-trigger="every 2s"' in running
    assert "25 %" in running
    assert '<a href="">Refresh</a>' in running
    assert "hx-" not in call("ui", "progress('Import', 20, 20)")


def test_progress_without_a_known_end_shows_no_share() -> None:
    html = call("ui", "progress('Import')")
    assert "%" not in html
    assert "value=" not in html


def test_confirmation_asks_for_the_phrase() -> None:
    html = call("ui", "confirm('/purge', 'Delete', '/back', phrase='lux')")
    assert 'method="post" action="/purge"' in html
    assert "Type lux to confirm" in html
    assert 'name="phrase" required' in html


def test_icon_alone_has_a_name_and_beside_text_has_none() -> None:
    assert 'role="img" aria-label="Close"' in call("ui", "icon('x', 'Close')")
    assert 'aria-hidden="true"' in call("ui", "icon('x')")


def test_error_message_interrupts_and_others_wait() -> None:
    html = call("ui", "flashes([('danger', 'No'), ('success', 'Yes')])")
    assert 'flash-danger" role="alert"' in html
    assert 'flash-success" role="status"' in html


def test_language_menu_needs_a_choice() -> None:
    assert call("ui", "language_menu('en', [('en', 'English')])") == ""
    assert 'href="?lang=fr"' in call("ui", "language_menu('en', [('en', 'English'), ('fr', 'Français')])")


@pytest.mark.parametrize("values", [[], [4]])
def test_sparkline_of_too_few_values_is_nothing(values: list[int]) -> None:
    assert call("charts", "sparkline(values, 'Orders')", values=values) == ""


def test_sparkline_of_equal_values_is_a_line() -> None:
    assert 'points="2.0,29.0 118.0,29.0"' in call("charts", "sparkline([7, 7], 'Orders')")


def test_sparkline_stays_inside_its_box() -> None:
    html = call("charts", "sparkline([-5, 100, 0.5], 'Orders', width=100, height=20)")
    assert 'points="2.0,17.0 50.0,3.0 98.0,16.3"' in html


def test_bars_are_shares_of_the_largest() -> None:
    html = call("charts", "bars([('A', 80, '80'), ('B', 20, '20'), ('C', -1, '-1')], 'Sold')")
    assert re.findall(r'rect width="([^"]+)"', html) == ["100.0%", "25.0%", "0%"]
    assert "<li>" not in call("charts", "bars([], 'Sold')")
    assert 'width="0.0%"' in call("charts", "bars([('A', 0, '0')], 'Sold')")


def test_timeline_is_a_table_before_it_is_a_picture() -> None:
    html = call("charts", "timeline(['Paid'], rows, 'Revenue')", rows=[(date(2026, 1, 31), 12.5)])
    assert 'data-time="2026-01-31"' in html
    assert '<td class="number">12.5</td>' in html


def test_reduced_price_says_which_is_which() -> None:
    html = call("shop", "price(now, before, 'Lowest price of 30 days: €9.00')", now=Money(900), before=Money(1200))
    assert "Price now</span> <strong>€9.00</strong>" in html
    assert "Price before</span> <del>€12.00</del>" in html
    assert "Lowest price" in html
    assert "<del>" not in call("shop", "price(now)", now=Money(900))


def test_product_without_a_picture_has_a_stand_in() -> None:
    html = call("shop", "product_card('Mug', '/mug', none, price)", price=Money(2400))
    assert "<img" not in html
    assert "#photo" in html
    assert '<a href="/mug">Mug</a>' in html


@pytest.mark.parametrize(
    "expression",
    [
        "ui.icon(x, x)",
        "ui.badge(x, x)",
        "ui.status(x, x)",
        "ui.stat(x, x, x, x, x, x)",
        "ui.progress(x, 1, 2, x, x)",
        "ui.confirm(x, x, x, x)",
        "ui.tabs([(x, x, true)], x)",
        "ui.breadcrumbs([(x, x), (x, none)])",
        "ui.facts([(x, x)])",
        "ui.flashes([(x, x)])",
        "ui.tool(x, x, x, x)",
        "ui.language_menu(x, [(x, x), (x, x)])",
        "forms.field(x, x, x, x, x, x, true, {'title': x}, x)",
        "forms.textarea(x, x, x, 2, x, x)",
        "forms.select(x, x, [(x, x)], x, x, x, x)",
        "forms.money(x, x, x, x, x, x)",
        "forms.upload(x, x, x, true, x, x)",
        "forms.checkbox(x, x, true, x, x, x)",
        "forms.radios(x, x, [(x, x, x)], x, x)",
        "forms.hidden(x, x)",
        "forms.actions(x, x, x)",
        "forms.problems([(x, x)])",
        "tables.sorted(x, x, {'sort': x, 'q': x}, x)",
        "tables.filters({'sort': x, 'q': x}, x, x)",
        "tables.choice(x, x, [(x, x)], {})",
        "tables.pager({'q': x}, x)",
        "tables.empty(x, x, x, x, x)",
        "charts.sparkline([1, 2], x)",
        "charts.bars([(x, 1, x)], x)",
        "charts.timeline([x], [], x)",
        "shop.picture(x, x)",
        "shop.price(price, none, x)",
        "shop.product_card(x, x, x, price, none, x, x, x, x)",
        "shop.quantity(x, x, x, x)",
        "shop.totals([(x, price)], x, price)",
    ],
)
def test_macro_escapes_what_it_is_given(expression: str) -> None:
    file, _, name = expression.partition(".")
    html = call(file, name, x=HOSTILE, price=Money(100))
    assert "&lt;img" in html or "%3Cimg" in html
    assert "<img src=x" not in html
    assert "onerror=alert(1)>" not in html
