"""Feed imports on the real database: what is created, updated, left alone, refused, archived."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from orion_catalog.exceptions import FeedShrinks, FeedUnusable, ImportRunning
from orion_catalog.models import Category, PriceChange, Product, ProductCategory, Variant
from orion_catalog.services.feed_files import store_file
from orion_catalog.services.imports import _only_one, get_import, record_import, run_import
from orion_catalog.services.listing import ListQuery, list_cards
from orion_catalog.services.staff_lists import list_import_errors
from orion_catalog.services.summaries import refresh_products
from orion_catalog.tasks import ImportArgs
from orion_catalog.tasks import import_feed as import_task
from orion_core.tasks import RunningTask, TaskCancelled
from tests.modules.catalog.market import add_product, feed, import_feed, outcome

Work = Callable[[], AbstractContextManager[Session]]
ROWS = [
    ("1", "Red mug", "Holds tea", "12.50", "", "Home > Kitchen"),
    ("2", "Blue mug", "Holds coffee", "14.00", "11.00", "Home > Kitchen"),
    ("3", "Spade", "Digs", "30.00", "", "Garden"),
]


class Cancelled(RunningTask):
    """A run somebody has cancelled."""

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        raise TaskCancelled


def test_same_file_twice_changes_nothing(work: Work) -> None:
    assert outcome(import_feed(feed(*ROWS))) == (3, 0, 0, 0)
    with work() as session:
        before = session.execute(text("SELECT id, version, updated_at FROM catalog.products ORDER BY id")).all()
    assert outcome(import_feed(feed(*ROWS))) == (0, 0, 3, 0)
    with work() as session:
        after = session.execute(text("SELECT id, version, updated_at FROM catalog.products ORDER BY id")).all()
        assert session.scalar(select(func.count()).select_from(PriceChange)) == 3
    assert before == after


def test_a_changed_row_updates_its_product_and_notes_the_price(work: Work) -> None:
    import_feed(feed(*ROWS))
    changed = [("1", "Red mug, large", "Holds tea", "13.00", "", "Home > Table"), *ROWS[1:]]
    assert outcome(import_feed(feed(*changed))) == (0, 1, 2, 0)
    with work() as session:
        product = session.scalars(select(Product).where(Product.external_id == "1")).one()
        assert (product.title, product.price_minor, product.slug) == ("Red mug, large", 1300, "red-mug")
        prices = select(PriceChange.old_price_minor, PriceChange.price_minor, PriceChange.source).order_by(
            PriceChange.at
        )
        variant = select(Variant.id).where(Variant.sku == "1").scalar_subquery()
        assert session.execute(prices.where(PriceChange.variant_id == variant)).all() == [
            (None, 1250, "import"),
            (1250, 1300, "import"),
        ]
        paths = select(Category.path).join(ProductCategory, ProductCategory.category_id == Category.id)
        assert session.scalars(paths.where(ProductCategory.product_id == product.id)).all() == ["home/table/"]


def test_a_sale_price_is_the_price_and_the_price_is_struck_out(work: Work) -> None:
    import_feed(feed(*ROWS))
    with work() as session:
        card = next(card for card in list_cards(session, ListQuery(), 10).items if card.title == "Blue mug")
        assert (card.price_minor, card.compare_at_minor) == (1100, 1400)


def test_rows_of_one_group_are_variants_of_one_product(work: Work) -> None:
    rows = [
        ("s", "Shirt", "", "20.00", "", "Fashion", "g1", "S"),
        ("x", "Lone", "", "5.00"),
        ("m", "Shirt", "", "22.00", "", "Fashion", "g1", "M"),
        ("g1", "Not the group", "", "7.00"),
    ]
    assert outcome(import_feed(feed(*rows))) == (4, 0, 0, 0)
    with work() as session:
        found = session.execute(select(Product.external_id, Product.is_group).order_by(Product.external_id)).all()
        assert found == [("g1", False), ("g1", True), ("x", False)]
        group = session.scalars(select(Product).where(Product.is_group)).one()
        assert (group.price_minor, group.max_price_minor, group.option_names) == (2000, 2200, ["size"])
    dearer = [rows[0], rows[1], ("m", "Shirt", "", "23.00", "", "Fashion", "g1", "M"), rows[3]]
    assert outcome(import_feed(feed(*dearer))) == (0, 1, 3, 0)
    with work() as session:
        assert session.scalar(select(Product.max_price_minor).where(Product.is_group)) == 2300


def test_a_row_that_joins_a_group_leaves_no_empty_product_in_the_shop(work: Work) -> None:
    import_feed(feed(("a", "Shirt S", "", "20.00"), ("b", "Shirt M", "", "21.00")))
    joined = [("a", "Shirt", "", "20.00", "", "", "g", "S"), ("b", "Shirt", "", "21.00", "", "", "g", "M")]
    assert outcome(import_feed(feed(*joined))) == (0, 2, 0, 0)
    with work() as session:
        assert [card.title for card in list_cards(session, ListQuery(), 10).items] == ["Shirt"]


def test_products_of_one_title_get_different_addresses(work: Work) -> None:
    import_feed(feed(("85123A", "Heart", "", "1.00"), ("85123a", "Heart", "", "1.00"), ("x", "Heart", "", "1.00")))
    import_feed(feed(("y", "Heart", "", "1.00")))
    with work() as session:
        slugs = session.scalars(select(Product.slug)).all()
        assert len(set(slugs)) == 4
        assert "heart" in slugs


def test_refused_rows_are_kept_with_their_reason_and_the_rest_is_imported(work: Work) -> None:
    rows = [*ROWS, ("4", "", "", "1.00"), ("5", "Free", "", "none"), "6\tbroken line"]
    done = import_feed(feed(*rows))
    assert outcome(done) == (3, 0, 0, 3)
    assert done.rows == 6
    with work() as session:
        errors = list_import_errors(session, done.id, 10)
        assert [(e.row, e.external_id, e.column_name, e.code) for e in errors] == [
            (4, "4", "title", "missing_title"),
            (5, "5", "price", "not_a_number"),
            (6, "6", "", "cell_count"),
        ]
        assert all(e.reason for e in errors)


def test_a_complete_file_archives_what_it_leaves_out_and_takes_it_back(work: Work) -> None:
    rows = [(str(n), f"Thing {n}", "", "3.00") for n in range(10)]
    import_feed(feed(*rows))
    done = import_feed(feed(*rows[:8]), is_complete=True)
    assert (outcome(done), done.archived) == ((0, 0, 8, 0), 2)
    with work() as session:
        assert len(list_cards(session, ListQuery(), 20).items) == 8
    assert outcome(import_feed(feed(*rows))) == (0, 2, 8, 0)
    with work() as session:
        assert len(list_cards(session, ListQuery(), 20).items) == 10


def test_a_broken_row_of_a_complete_file_is_not_taken_for_a_missing_product(work: Work) -> None:
    import_feed(feed(*ROWS))
    done = import_feed(feed(ROWS[0], ROWS[1], ("3", "", "", "30.00")), is_complete=True)
    assert (outcome(done), done.archived) == ((0, 0, 2, 1), 0)


def test_a_complete_file_that_leaves_out_too_much_archives_nothing(work: Work) -> None:
    import_feed(feed(*ROWS))
    with pytest.raises(FeedShrinks, match="2 products"):
        import_feed(feed(ROWS[0]), is_complete=True)
    with work() as session:
        assert len(list_cards(session, ListQuery(), 10).items) == 3


def test_what_staff_archived_stays_archived(work: Work) -> None:
    import_feed(feed(*ROWS))
    with work() as session:
        session.execute(text("UPDATE catalog.products SET status = 'archived' WHERE external_id = '3'"))
    import_feed(feed(*ROWS[:2], ("3", "Spade, new", "", "31.00")))
    with work() as session:
        assert session.scalar(select(Product.status).where(Product.external_id == "3")) == "archived"


def test_products_made_by_hand_are_left_alone_by_a_complete_file(work: Work) -> None:
    add_product("HAND-1")
    import_feed(feed(*ROWS))
    assert import_feed(feed(*ROWS), is_complete=True).archived == 0


def test_a_file_that_is_no_feed_is_refused_as_a_whole(work: Work) -> None:
    with pytest.raises(FeedUnusable):
        import_feed(b"%PDF-1.4\x00\x01\x02\x03" * 50)
    with pytest.raises(FeedUnusable):
        import_feed(b"colour;shape\nred;round\n")


def test_one_import_of_a_store_at_a_time(work: Work) -> None:
    with _only_one(), pytest.raises(ImportRunning):
        import_feed(feed(*ROWS))
    assert outcome(import_feed(feed(*ROWS))) == (3, 0, 0, 0)


def test_import_leaves_lists_as_a_refresh_would(work: Work) -> None:
    grouped = [("s", "Shirt", "", "20.00", "", "", "g1", "S"), ("m", "Shirt", "", "22.00", "25.00", "", "g1", "M")]
    import_feed(feed(*ROWS, *grouped))
    with work() as session:
        before = session.execute(text(SUMMARIES)).all()
        refresh_products(session, session.scalars(select(Product.id)).all())
        assert session.execute(text(SUMMARIES)).all() == before


SUMMARIES = """
    SELECT p.id, price_minor, max_price_minor, compare_at_minor, in_stock, image, option_names, document
    FROM catalog.products p JOIN catalog.product_search s ON s.product_id = p.id ORDER BY p.id
"""


def test_a_finished_import_that_is_run_again_stays_finished(work: Work) -> None:
    done = import_feed(feed(*ROWS))
    again = run_import(done.id, lambda _done, _total: None)
    assert (again.status, outcome(again)) == ("completed", (3, 0, 0, 0))


def test_a_cancelled_import_says_so_and_goes_on_when_it_is_run_again(work: Work) -> None:
    content = feed(*ROWS)
    with work() as session:
        found = record_import(session, "feed.tsv", len(content))
        store_file(session, found.id, io.BytesIO(content))

    with pytest.raises(TaskCancelled):
        import_task.function(args=ImportArgs(import_id=found.id), run=Cancelled(found.id, 1, {}))
    with work() as session:
        stopped = get_import(session, found.id)
        assert (stopped.status, stopped.error) == ("failed", "The import was cancelled.")
    done = run_import(found.id, lambda _done, _total: None)
    assert (done.status, outcome(done)) == ("completed", (3, 0, 0, 0))
