"""What tests of invoices start from: a seller who may invoice, and the documents of an order."""

from uuid import UUID

from sqlalchemy import select

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.services.settings import change_setting
from orion_orders.config import OrdersConfig
from orion_orders.models import Invoice

SELLER = {
    "seller_name": "Haff Keramik",
    "seller_legal_form": "S.à r.l.",
    "seller_street": "1, rue du Port",
    "seller_postcode": "5555",
    "seller_city": "Remich",
    "seller_vat_number": "LU12345613",
    "seller_register_number": "B123456",
}


def complete_seller(where: RequestContext, **values: str) -> None:
    """Say who sells in a store, so that invoices can be issued."""
    with use_context(where), unit_of_work() as session:
        for name, value in {**SELLER, **values}.items():
            change_setting(session, OrdersConfig, name, value, "store")


def documents(order_id: UUID | None = None) -> list[Invoice]:
    """Return the store's documents, or an order's, in the order of issue."""
    statement = select(Invoice).order_by(Invoice.id)
    if order_id:
        statement = statement.where(Invoice.order_id == order_id)
    with unit_of_work() as session:
        return list(session.scalars(statement))
