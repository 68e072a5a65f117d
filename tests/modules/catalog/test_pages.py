"""Every page of the catalogue opens, on an empty store, on a full one and in four languages."""

from typing import Any

import pytest
from sqlalchemy import select

from orion_catalog.models import Category, Product, Variant
from orion_core.context import Tenant
from orion_core.db import unit_of_work
from tests.modules.catalog.market import Market, add_product, feed, import_feed

STORE_PAGES = ["/products", "/products/new", "/categories", "/categories/new", "/imports"]
SHOP_PAGES = ["/", "/search", "/search?q=mug", "/search?sort=price&in_stock=true"]
ROWS = [("1", "Red mug", "Holds tea", "12.50", "", "Home > Kitchen"), ("2", "", "", "1.00")]


@pytest.mark.parametrize("path", STORE_PAGES)
def test_a_store_page_opens_on_an_empty_store(client: Any, path: str) -> None:
    answer = client().get(f"/stores/mine{path}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", SHOP_PAGES)
def test_a_shop_page_opens_on_an_empty_store(client: Any, path: str) -> None:
    answer = client(keys={}).get(f"/shop/mine{path}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("language", ["en", "fr", "de", "lb"])
def test_pages_open_on_a_full_store_in_every_language(client: Any, store: Tenant, language: str) -> None:
    done = import_feed(feed(*ROWS))
    with unit_of_work() as session:
        product_id, category_id = session.scalar(select(Product.id)), session.scalar(select(Category.id))
    staff, shopper = client(), client(keys={})
    for path in [
        *STORE_PAGES,
        f"/products/{product_id}",
        f"/products/{product_id}/prices",
        f"/categories/{category_id}",
        f"/categories/{category_id}/delete",
        f"/imports/{done.id}",
        f"/imports/{done.id}/progress",
    ]:
        answer = staff.get(f"/stores/mine{path}", params={"lang": language})
        assert answer.status_code == 200, (path, answer.text)
    for path in ["/", "/search", "/categories/kitchen", "/products/red-mug"]:
        answer = shopper.get(f"/shop/mine{path}", params={"lang": language})
        assert answer.status_code == 200, (path, answer.text)
        assert "Red mug" in answer.text
    assert f'lang="{language}"' in answer.text


def test_prices_are_written_as_in_the_readers_country(client: Any, store: Tenant) -> None:
    import_feed(feed(*ROWS))
    texts = {
        language: client(keys={}).get("/shop/mine/products/red-mug", params={"lang": language}).text
        for language in ("en", "de", "fr")
    }
    assert "€12.50" in texts["en"]
    assert "12,50\u00a0€" in texts["de"]
    assert 'rel="canonical"' in texts["de"]


def test_a_product_is_made_changed_and_published_with_the_form(client: Any, store: Tenant) -> None:
    staff = client()
    form: dict[str, Any] = {
        "title": "Red mug",
        "title_fr": "Tasse rouge",
        "images": "https://shop.example/mug.jpg",
        "variant_id": ["", ""],
        "variant_sku": ["M-1", ""],
        "variant_price": ["12,50", ""],
        "variant_compare_at": ["", ""],
        "variant_gtin": ["", ""],
        "variant_options": ["size: M", ""],
        "variant_availability": ["in_stock", "in_stock"],
    }
    made = staff.post("/stores/mine/products", data=form)
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    with unit_of_work() as session:
        variant_id = str(session.scalars(select(Variant.id)).one())
    changed = {**form, "title": "Redder mug", "variant_id": [variant_id, ""], "variant_price": ["11.00", ""]}
    changed |= {"variant_active": [variant_id], "version": 1}
    page = staff.get(place).text
    assert "Tasse rouge" in page
    version = page.split('name="version" value="')[1].split('"')[0]
    assert staff.post(place, data={**changed, "version": version}).status_code == 303
    assert staff.post(f"{place}/publish").status_code == 303
    shop = client(keys={}).get("/shop/mine/products/red-mug")
    assert "Redder mug" in shop.text
    assert "€11.00" in shop.text
    assert "€11.00" in staff.get(f"{place}/prices").text
    assert client(keys={}).get("/shop/mine/products/red-mug?lang=fr").text.count("Tasse rouge") > 1


def test_a_refused_form_shows_what_was_typed_and_why(client: Any, store: Tenant) -> None:
    add_product("M-1")
    form = {"title": "Second", "variant_id": [""], "variant_sku": ["M-1"], "variant_price": ["1.00"]}
    answer = client().post("/stores/mine/products", data=form)
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text
    for price in ("many", "", "12.505", "-1"):
        form["variant_price"] = [price]
        answer = client().post("/stores/mine/products", data=form)
        assert answer.status_code == 422
        assert "Write an amount such as 12.50" in answer.text, price


def test_a_stale_form_is_refused(client: Any, store: Tenant) -> None:
    product = add_product("M-1")
    answer = client().post(f"/stores/mine/products/{product.id}", data={"title": "Late", "version": "1"})
    assert answer.status_code == 412


def test_a_category_is_made_and_removed_with_forms(client: Any, store: Tenant) -> None:
    staff = client()
    assert staff.post("/stores/mine/categories", data={"name": "Toys", "name_fr": "Jouets"}).status_code == 303
    with unit_of_work() as session:
        category_id = session.scalars(select(Category.id)).one()
    assert "Jouets" in client(keys={}).get("/shop/mine/?lang=fr").text
    assert staff.post(f"/stores/mine/categories/{category_id}/delete").status_code == 303
    assert "Jouets" not in client(keys={}).get("/shop/mine/?lang=fr").text


def test_an_upload_waits_for_a_worker_and_shows_its_progress(client: Any, store: Tenant, stage: Any) -> None:
    staff = client()
    answer = staff.post("/stores/mine/imports", files={"file": ("feed.tsv", feed(*ROWS))})
    assert answer.status_code == 303, answer.text
    page = staff.get(answer.headers["location"]).text
    assert "hx-get" in page
    assert "http-equiv" in page
    assert [name for name, _ in stage.tasks.sent] == ["catalog.import_feed"]
    assert staff.post("/stores/mine/imports", data={}).status_code == 422


def test_the_dashboard_shows_products_and_the_latest_import(client: Any, store: Tenant) -> None:
    import_feed(feed(*ROWS))
    staff = client()
    page = staff.get("/stores/mine/")
    assert page.status_code == 200, page.text
    assert "feed.tsv" in page.text


def test_the_other_store_sees_no_page(client: Any, store: Tenant, market: Market) -> None:
    product = add_product("M-1", title="Secret mug")
    done = import_feed(feed(*ROWS))
    other = client("other")
    for path in [f"/products/{product.id}", f"/imports/{done.id}", f"/imports/{done.id}/errors.csv"]:
        assert other.get(f"/stores/other{path}").status_code == 404
        assert other.get(f"/stores/mine{path}").status_code in {401, 403}
    assert "Secret mug" not in client(keys={}).get("/shop/other/search").text
    assert client(keys={}).get("/shop/other/products/secret-mug").status_code == 404
