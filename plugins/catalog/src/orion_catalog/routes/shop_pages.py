"""The shop's pages: home, category, search, product, and the pictures the demo draws."""

from typing import Any

from fastapi import Request, Response

from orion_catalog.config import CatalogConfig
from orion_catalog.exceptions import CategoryNotFound
from orion_catalog.routes.asking import Asking, AskingDep
from orion_catalog.services.categories import get_tree, trail
from orion_catalog.services.details import get_detail, unpacked
from orion_catalog.services.listing import ListQuery, list_cards
from orion_catalog.services.pictures import draw
from orion_core.context import current_context
from orion_core.services.settings import get_settings
from orion_core.web import Router, SessionDep, next_cursor, public, render

router = Router()
SHOP_SORTS = ("featured", "newest", "price", "-price", "name")


@router.get("/", dependencies=[public])
def home(request: Request, session: SessionDep) -> Any:
    tree = get_tree(session)
    featured = list_cards(session, ListQuery(), 8)
    newest = list_cards(session, ListQuery(sort="newest"), 12)
    template = "catalog/shop/home.html"
    return render(request, template, tree=tree, featured=featured.items, newest=newest.items)


@router.get("/search", dependencies=[public])
def search(request: Request, session: SessionDep, asked: AskingDep) -> Any:
    return _list(request, session, asked, asked.query, way=[])


@router.get("/categories/{slug}", dependencies=[public])
def show_category(request: Request, session: SessionDep, asked: AskingDep, slug: str) -> Any:
    tree = get_tree(session)
    way = trail(tree, slug)
    if not way:
        raise CategoryNotFound(f"there is no category {slug!r} in this shop")
    return _list(request, session, asked, asked.query.inside(slug), way=way, tree=tree)


@router.get("/products/{slug}", dependencies=[public])
def show_product(request: Request, session: SessionDep, slug: str) -> Any:
    product = unpacked(get_detail(session, slug))
    tree = get_tree(session)
    way = trail(tree, product["categories"][0]["slug"]) if product["categories"] else []
    return render(
        request,
        "catalog/shop/product.html",
        product=product,
        tree=tree,
        way=way,
        canonical=f"/products/{product['slug']}",
    )


@router.get("/pictures/{key}.svg", dependencies=[public])
async def picture(key: str) -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(draw(key), media_type="image/svg+xml", headers=headers)


def _list(
    request: Request, session: Any, asked: Asking, query: ListQuery, *, way: list[Any], tree: list[Any] | None = None
) -> Any:
    limit = asked.limit or get_settings(session, CatalogConfig).page_size
    found = list_cards(session, query, limit, asked.after)
    shown = {name: value for name, value in request.query_params.items() if name not in ("lang", "limit")}
    path = f"/categories/{way[-1].slug}" if way else "/search"
    return render(
        request,
        "catalog/shop/list.html",
        tree=get_tree(session) if tree is None else tree,
        way=way,
        cards=found.items,
        corrected=found.corrected,
        next_cursor=next_cursor(found.next_key) or "",
        query=shown,
        sorts=SHOP_SORTS,
        currency=current_context().store.currency,
        canonical=path,
    )
