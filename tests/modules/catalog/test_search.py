"""Search and lists: words, typing errors, numbers, languages; pages visit every product once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from orion_catalog.services.listing import ListQuery, list_cards
from orion_catalog.services.reindex import reindex_store
from orion_core.context import Tenant, use_context
from orion_core.db import unit_of_work
from tests.modules.catalog.market import Market, add_product, feed, import_feed

ROWS = [
    ("21733", "RED HANGING HEART T-LIGHT HOLDER", "Red hanging heart t-light holder", "2.95"),
    ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "White hanging heart", "2.95"),
    ("22633", "HAND WARMER UNION JACK", "Keeps hands warm", "1.85", "", "", "", "", "", "4006381333931"),
    ("22041", "CRÈME BRÛLÉE DISH", "For the oven", "3.75"),
]


def titles(words: str, locale: str = "en", market: Market | None = None) -> list[str]:
    with unit_of_work() as session:
        return [card.title for card in list_cards(session, ListQuery(q=words), 20).items]


@pytest.fixture
def filled(store: Tenant) -> None:
    import_feed(feed(*ROWS))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("red hanging heart", ["RED HANGING HEART T-LIGHT HOLDER"]),
        ("warmers", ["HAND WARMER UNION JACK"]),
        ("creme brulee", ["CRÈME BRÛLÉE DISH"]),
        ("2263", ["HAND WARMER UNION JACK"]),
        ("85123a", ["WHITE HANGING HEART T-LIGHT HOLDER"]),
        ("4006381", ["HAND WARMER UNION JACK"]),
        ("brul", ["CRÈME BRÛLÉE DISH"]),
        ("unicorn", []),
        ("'; DROP TABLE x; --", []),
        ("&|!()", []),
    ],
)
def test_search_finds(filled: None, words: str, found: list[str]) -> None:
    assert titles(words) == found


def test_a_typing_error_is_corrected_and_said(filled: None) -> None:
    with unit_of_work() as session:
        if not session.scalar(text("SELECT true FROM pg_extension WHERE extname = 'pg_trgm'")):
            pytest.skip("this PostgreSQL has no pg_trgm")
        found = list_cards(session, ListQuery(q="hangin hart"), 20)
    assert found.corrected == "hanging heart"
    assert len(found.items) == 2


def test_a_product_is_found_in_each_of_its_languages(store: Tenant, market: Market) -> None:
    add_product("K-1", title="Candle", texts={"fr": {"title": "Bougie"}, "de": {"title": "Kerze"}})
    assert titles("candles") == ["Candle"]
    with use_context(market.context("mine", locale="fr")):
        assert titles("bougies") == ["Bougie"]
    with use_context(market.context("mine", locale="de")):
        assert titles("kerzen") == ["Kerze"]


def test_search_stays_within_the_store(filled: None, market: Market) -> None:
    with use_context(market.context("other")):
        assert titles("heart") == []
        with unit_of_work() as session:
            hits = session.execute(text("SELECT * FROM catalog.search_products('heart', 'english', 100)")).all()
    assert hits == []


def test_reindexing_changes_nothing_that_was_right(filled: None) -> None:
    with unit_of_work() as session:
        session.execute(text("DELETE FROM catalog.product_search"))
    assert titles("heart") == []
    assert reindex_store(lambda _done, _total: None) == 4
    assert len(titles("heart")) == 2


@pytest.fixture(scope="module")
def _many() -> list[tuple[str, ...]]:
    return [(f"s{n}", f"Thing {n % 7}", "", f"{n % 5 + 1}.00", "", "Home" if n % 2 else "Garden") for n in range(60)]


@pytest.fixture
def many(store: Tenant, _many: list[tuple[str, ...]]) -> int:
    import_feed(feed(*_many))
    return len(_many)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(["newest", "featured", "price", "-price", "name", "-name", "relevance"]),
    limit=st.integers(1, 61),
    words=st.sampled_from(["", "thing"]),
)
def test_pages_visit_every_product_once(many: int, sort: str, limit: int, words: str) -> None:
    seen, after = [], None
    query = ListQuery(sort=sort, q=words)
    with unit_of_work() as session:
        while True:
            found = list_cards(session, query, limit, after)
            seen += [card.id for card in found.items]
            if found.next_key is None:
                break
            after = tuple(str(value) for value in found.next_key)
    assert len(seen) == len(set(seen)) == many
