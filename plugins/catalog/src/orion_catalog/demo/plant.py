"""Fills the demo stores: departments, products in four languages, a price history, some reductions."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product as combinations
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from orion_catalog.demo.home import KITCHEN, LIVING, TABLE
from orion_catalog.demo.market import BOOKS, FASHION, FOOD, GARDEN, TOYS
from orion_catalog.demo.words import LANGUAGES, PROMISE, Article, Department, Texts
from orion_catalog.models import Category, PriceChange, Product, ProductCategory, ProductText, Variant
from orion_catalog.services.slugs import slugify
from orion_catalog.services.summaries import refresh_products
from orion_core.context import current_context, use_context

RANGES = (
    (KITCHEN, TABLE, LIVING, FOOD, BOOKS),
    (FASHION, TABLE, LIVING, TOYS),
    (GARDEN, FOOD, KITCHEN),
    (BOOKS, TOYS, FASHION),
)
"""What the first, second … store sells; further stores start again."""


def plant(session: Session, world: dict[str, Any]) -> None:
    world["products"] = {}
    for number, store in enumerate(world["stores"]):
        with use_context(replace(current_context(), tenant=store["tenant"])):
            world["products"][store["code"]] = _fill(session, RANGES[number % len(RANGES)], store["code"])
            session.flush()


def _fill(session: Session, departments: tuple[Department, ...], store_code: str) -> list[UUID]:
    chance = random.Random(store_code)  # noqa: S311 - the same demo every time is the point
    categories = [_category(session, department, place) for place, department in enumerate(departments)]
    every = [
        (category, department, article, trait)
        for category, department in zip(categories, departments, strict=True)
        for article, trait in combinations(department.articles, department.traits)
    ]
    chance.shuffle(every)
    product_ids = [
        _product(session, department, article, trait, category=category, chance=chance)
        for category, department, article, trait in every
    ]
    session.flush()
    refresh_products(session, product_ids)
    return product_ids


def _category(session: Session, department: Department, position: int) -> Category:
    own, *_ = _in_languages(department.name)
    key = slugify(department.key)
    category = Category(
        path=f"{key}/",
        slug=slugify(own),
        name=own,
        names=dict(zip(LANGUAGES, department.name, strict=True)),
        position=position,
        image=f"/pictures/{department.picture}-{key}.svg",
    )
    session.add(category)
    session.flush()
    return category


def _product(
    session: Session,
    department: Department,
    article: Article,
    trait: Texts,
    *,
    category: Category,
    chance: random.Random,
) -> UUID:
    maker = chance.choice(department.makers)
    names: Texts = tuple(f"{name}, {word}" for name, word in zip(article.name, trait, strict=True))  # type: ignore[assignment]
    about: Texts = tuple(  # type: ignore[assignment]
        f"{text}\n\n{promise.format(maker=maker)}" for text, promise in zip(article.about, PROMISE, strict=True)
    )
    sku = f"{department.key[:3].upper()}-{chance.randrange(10_000, 99_999)}-{trait[0][:2].upper()}"
    key = f"{article.picture}-{slugify(names[0])}"
    picture = f"/pictures/{key}.svg"
    own_name, own_about = _in_languages(names)[0], _in_languages(about)[0]
    product = Product(
        external_id=sku,
        lead_sku=sku,
        status="active" if chance.random() > 0.04 else "draft",
        slug=slugify(own_name),
        title=own_name,
        description=own_about,
        brand=maker,
        tax_class=department.tax_class,
        boost_sort=chance.choice((0, 0, 0, 1, 2, 3, 5)),
        images=[{"url": picture, "alt": own_name}],
        currency=current_context().store.currency,
        price_minor=0,
    )
    session.add(product)
    session.flush()
    _texts(session, product, names, about)
    session.add(ProductCategory(product_id=product.id, category_id=category.id))
    _variant(session, product, sku, article, chance)
    return product.id


def _texts(session: Session, product: Product, names: Texts, about: Texts) -> None:
    own = current_context().store.locale
    session.add_all(
        ProductText(product_id=product.id, language=language, title=name, slug=slugify(name), description=text)
        for language, name, text in zip(LANGUAGES, names, about, strict=True)
        if language != own
    )


def _variant(session: Session, product: Product, sku: str, article: Article, chance: random.Random) -> None:
    price = chance.randrange(article.low, article.high, 50) // 100 * 100 - chance.choice((5, 10, 50))
    reduced = chance.random() < 0.12
    quantity = chance.choice((0, 3, 8, 12, 25, 40))
    variant = Variant(
        product_id=product.id,
        sku=sku,
        price_minor=price * 4 // 5 if reduced else price,
        compare_at_minor=price if reduced else None,
        currency=product.currency,
        quantity_hint=quantity,
        availability="in_stock" if quantity else "out_of_stock",
    )
    session.add(variant)
    session.flush()
    _history(session, variant, price, chance)


def _history(session: Session, variant: Variant, price: int, chance: random.Random) -> None:
    """Three changes of the last months, the last of which is the price of today."""
    steps = [price - chance.choice((0, 100, 200)), price, variant.price_minor]
    old: int | None = None
    for age, step in zip((120, 60, 10), steps, strict=True):
        session.add(
            PriceChange(
                variant_id=variant.id,
                at=datetime.now(UTC) - timedelta(days=age),
                old_price_minor=old,
                price_minor=step,
                compare_at_minor=variant.compare_at_minor if age == 10 else None,
                currency=variant.currency,
                source="demo",
                actor_name="demo",
            )
        )
        old = step


def _in_languages(texts: Texts) -> list[str]:
    """Return the texts with the store's own language first."""
    own = current_context().store.locale
    first = LANGUAGES.index(own) if own in LANGUAGES else 0
    return [texts[first], *(text for place, text in enumerate(texts) if place != first)]
