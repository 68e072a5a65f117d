"""Mails about orders, each once per cause: placed, shipped, cancelled, withdrawn from, received back."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.mail import Mail, send_mail
from orion_orders.models import Fulfilment, Order, OrderItem, OrderReturn
from orion_orders.services.fulfilments import get_fulfilment, pieces_of
from orion_orders.services.links import order_token
from orion_orders.services.orders import get_order, items_of
from orion_orders.services.returns import get_return
from orion_orders.services.timeline import withdrawn_pieces


def mail_placed(session: Session, order_id: UUID) -> None:
    """Confirm to the buyer what was ordered (directive 2011/83/EU, article 8(7))."""
    order = get_order(session, order_id)
    _send(session, order, "placed", order.id, items=items_of(session, order))


def mail_cancelled(session: Session, order_id: UUID) -> None:
    """Tell the buyer that the order ended without delivery."""
    order = get_order(session, order_id)
    _send(session, order, "cancelled", order.id)


def mail_shipped(session: Session, order_id: UUID, fulfilment_id: UUID) -> None:
    """Tell the buyer that a parcel is on its way."""
    order, parcel = get_order(session, order_id), get_fulfilment(session, fulfilment_id)
    _send(session, order, "shipped", parcel.id, parcel=parcel, goods=_goods(session, order, parcel))


def mail_withdrawal(session: Session, order_id: UUID, return_id: UUID) -> None:
    """Acknowledge a withdrawal on a durable medium (directive (EU) 2023/2673, article 11a(4))."""
    order, found = get_order(session, order_id), get_return(session, return_id)
    found.acknowledged_at = found.acknowledged_at or datetime.now(UTC)
    goods = withdrawn_pieces(session, order, found.number)
    _send(session, order, "withdrawn", found.id, found=found, goods=goods, sent=_is_sent(found))


def _send(session: Session, order: Order, name: str, cause: UUID, **variables: object) -> None:
    if order.email is None or order.channel == "import":
        return
    mail = Mail(
        template=f"orders/mail/{name}.html",
        to=order.email,
        locale=order.locale,
        key=f"orders.{name}:{cause}",
        variables={"order": order, "token": order_token(order), **variables},
    )
    send_mail(session, mail)


def _goods(session: Session, order: Order, parcel: Fulfilment) -> list[tuple[str, int]]:
    items: dict[UUID, OrderItem] = {item.id: item for item in items_of(session, order)}
    return [(items[item_id].title, pieces) for item_id, pieces in pieces_of(session, [parcel])[parcel.id].items()]


def _is_sent(found: OrderReturn) -> bool:
    """Tell whether goods have to be sent back; a withdrawal before delivery is closed at once."""
    return found.status != "closed"
