"""The store team's API of promotions and ways of delivery; one that shall not be offered any more is made inactive."""

from uuid import UUID

from fastapi import Response

from orion_core.web import CursorDep, Page, Router, SessionDep, VersionDep, next_cursor, requires, set_etag
from orion_orders.models import Promotion, ShippingMethod
from orion_orders.offer_schemas import MethodInput, MethodOut, PromotionInput, PromotionOut
from orion_orders.services import offer_desk as desk

router = Router()
VIEW = [requires("orders.view_orders")]
MANAGE = [requires("orders.manage_offers")]


@router.get("/promotions", dependencies=VIEW)
def list_promotions(session: SessionDep, cursor: CursorDep) -> Page[PromotionOut]:
    """List promotions, the newest first."""
    rows, key = desk.page_of(session, Promotion, cursor.limit, cursor.after)
    return Page(items=[PromotionOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/promotions", dependencies=MANAGE, status_code=201)
def create_promotion(session: SessionDep, response: Response, given: PromotionInput) -> PromotionOut:
    """Make a promotion."""
    return _promotion(response, desk.save_promotion(session, given))


@router.get("/promotions/{promotion_id}", dependencies=VIEW)
def get_promotion(session: SessionDep, response: Response, promotion_id: UUID) -> PromotionOut:
    """Return a promotion with the number of its uses."""
    return _promotion(response, desk.get_promotion(session, promotion_id))


@router.put("/promotions/{promotion_id}", dependencies=MANAGE)
def edit_promotion(
    session: SessionDep, response: Response, promotion_id: UUID, given: PromotionInput, version: VersionDep
) -> PromotionOut:
    """Change a promotion; orders that used it keep what they were given. An inactive one is refused at once."""
    return _promotion(response, desk.save_promotion(session, given, promotion_id, version))


@router.get("/shipping-methods", dependencies=VIEW)
def list_methods(session: SessionDep, cursor: CursorDep) -> Page[MethodOut]:
    """List ways of delivery, the newest first; buyers see them by their position."""
    rows, key = desk.page_of(session, ShippingMethod, cursor.limit, cursor.after)
    return Page(items=[MethodOut.model_validate(row) for row in rows], next_cursor=next_cursor(key))


@router.post("/shipping-methods", dependencies=MANAGE, status_code=201)
def create_method(session: SessionDep, response: Response, given: MethodInput) -> MethodOut:
    """Make a way of delivery."""
    return _method(response, desk.save_method(session, given))


@router.get("/shipping-methods/{method_id}", dependencies=VIEW)
def get_method(session: SessionDep, response: Response, method_id: UUID) -> MethodOut:
    """Return a way of delivery."""
    return _method(response, desk.get_method(session, method_id))


@router.put("/shipping-methods/{method_id}", dependencies=MANAGE)
def edit_method(
    session: SessionDep, response: Response, method_id: UUID, given: MethodInput, version: VersionDep
) -> MethodOut:
    """Change a way of delivery; placed orders keep theirs. An inactive one is not offered any more."""
    return _method(response, desk.save_method(session, given, method_id, version))


def _promotion(response: Response, promotion: Promotion) -> PromotionOut:
    set_etag(response, promotion.version)
    return PromotionOut.model_validate(promotion)


def _method(response: Response, method: ShippingMethod) -> MethodOut:
    set_etag(response, method.version)
    return MethodOut.model_validate(method)
