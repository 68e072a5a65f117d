"""The shop's API: lists, search, product and categories. Hot paths: rows go straight into the encoder."""

from typing import Any

from orion_catalog.routes.asking import AskingDep
from orion_catalog.schemas import CardPageOut, CategoryNode, DetailOut
from orion_catalog.services.categories import get_tree
from orion_catalog.services.details import get_detail
from orion_catalog.services.listing import list_cards
from orion_core.web import JSON, Router, SessionDep, next_cursor, public

router = Router()


@router.get(
    "/products",
    dependencies=[public],
    response_class=JSON,
    responses={200: {"model": CardPageOut}},
)
def list_products(session: SessionDep, asked: AskingDep) -> Any:
    """List and search the shop's products."""
    found = list_cards(session, asked.query, asked.limit or 20, asked.after)
    cursor = next_cursor(found.next_key)
    return JSON({"items": found.items, "next_cursor": cursor, "corrected": found.corrected})


@router.get("/products/{slug}", dependencies=[public], response_class=JSON, responses={200: {"model": DetailOut}})
def get_product(session: SessionDep, slug: str) -> Any:
    """Return a product with its variants."""
    return JSON(get_detail(session, slug))


@router.get("/categories", dependencies=[public], response_class=JSON, responses={200: {"model": list[CategoryNode]}})
def list_categories(session: SessionDep) -> Any:
    """Return the shop's categories as a tree."""
    return JSON(get_tree(session))
