"""What can happen to an order after it was placed, as steps to be drawn, and what must hold after every one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from orion_core.context import Actor, RequestContext, use_context
from orion_core.db import unit_of_work
from orion_orders.exceptions import GuardFailed, OutOfStock, TooManyPieces, TooMuchMoney
from orion_orders.machines import CHANGE, FULFILMENT, ORDER, RETURN
from orion_orders.models import Fulfilment, Order, OrderReturn
from orion_orders.models.orders import CANCEL_REASONS
from orion_orders.schemas import AddedInput, ChangeInput, CountedInput, DraftInput, PaymentInput, RefundInput
from orion_orders.services import changes, drafts, fulfilments, payments, return_steps, returns
from orion_orders.services.cancelling import cancel_pieces
from orion_orders.services.orders import get_order, items_of
from orion_orders.services.standing import payment_status
from orion_orders.services.transitions import move_order
from tests.modules.orders.checkouts import ADDRESS

REFUSALS = (GuardFailed, TooManyPieces, TooMuchMoney, OutOfStock)
STAFF = Actor(kind="user", name="Mia")
CUSTOMER = Actor(kind="customer")

# Every row is a rule that does not hold. Written apart from the services, which work these figures out otherwise.
_WRONG = {
    "credits are the order's credited sum": """
        SELECT o.id FROM orders.orders o WHERE o.credited_minor <>
        (SELECT coalesce(sum(c.amount_minor), 0) FROM orders.order_credits c WHERE c.order_id = o.id)""",
    "credited pieces are those cancelled or returned": """
        SELECT i.id FROM orders.order_items i WHERE i.cancelled + i.returned <>
        (SELECT coalesce(sum(c.pieces), 0) FROM orders.order_credits c WHERE c.item_id = i.id)""",
    "a line credited whole is credited to the cent": """
        SELECT i.id FROM orders.order_items i WHERE i.cancelled + i.returned = i.quantity AND i.total_minor <>
        (SELECT sum(c.amount_minor) FROM orders.order_credits c WHERE c.item_id = i.id)""",
    "payments are what was paid and given back": """
        SELECT o.id FROM orders.orders o WHERE (o.paid_minor, o.refunded_minor) <>
        (SELECT coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'payment'), 0),
                coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'refund'), 0)
         FROM orders.order_payments p WHERE p.order_id = o.id)""",
    "shipped pieces are in parcels that left": """
        SELECT i.id FROM orders.order_items i WHERE i.kind = 'product' AND i.shipped <>
        (SELECT coalesce(sum(f.quantity), 0) FROM orders.fulfilment_items f JOIN orders.fulfilments p
         ON p.id = f.fulfilment_id WHERE f.item_id = i.id AND p.status IN ('shipped', 'delivered'))""",
    "no parcel is planned with pieces that are not open": """
        SELECT i.id FROM orders.order_items i WHERE i.quantity - i.cancelled - i.shipped <
        (SELECT coalesce(sum(f.quantity), 0) FROM orders.fulfilment_items f JOIN orders.fulfilments p
         ON p.id = f.fulfilment_id WHERE f.item_id = i.id AND p.status IN ('pending', 'picking', 'packed'))""",
    "returned pieces were counted": """
        SELECT i.id FROM orders.order_items i WHERE i.returned <>
        (SELECT coalesce(sum(r.received), 0) FROM orders.return_items r WHERE r.item_id = i.id)""",
    "the order's sums are its lines'": """
        SELECT o.id FROM orders.orders o WHERE o.total_minor <>
        (SELECT sum(i.total_minor) FROM orders.order_items i WHERE i.order_id = o.id)""",
    "what is open is promised, and nothing else": """
        SELECT o.id FROM orders.orders o WHERE
        (SELECT coalesce(sum(a.quantity), 0) FROM inventory.allocations a WHERE a.order_id = o.id) <>
        (SELECT coalesce(sum(i.quantity - i.cancelled - i.shipped), 0) FROM orders.order_items i
         WHERE i.order_id = o.id AND i.kind = 'product' AND o.status <> 'draft')""",
    "counters of stock are the ledger's sums": """
        SELECT i.id FROM inventory.inventory i WHERE (i.on_hand, i.reserved, i.unavailable) <>
        (SELECT coalesce(sum(t.on_hand_change), 0), coalesce(sum(t.reserved_change), 0),
                coalesce(sum(t.unavailable_change), 0)
         FROM inventory.inventory_transactions t WHERE t.inventory_id = i.id)""",
    "an order that ended holds nothing open": """
        SELECT i.id FROM orders.order_items i JOIN orders.orders o ON o.id = i.order_id
        WHERE o.status IN ('cancelled', 'declined', 'expired') AND i.cancelled <> i.quantity""",
}


@dataclass
class Life:
    """One order, and a source of chance."""

    store: RequestContext
    order_id: UUID
    variants: list[UUID]
    chance: Random

    def step(self, name: str) -> str:
        """Try something in a transaction of its own; return ``done`` or the code of the refusal."""
        actor = CUSTOMER if name == "withdraw" else STAFF
        try:
            with use_context(replace(self.store, actor=actor)), unit_of_work() as session:
                STEPS[name](self, session, get_order(session, self.order_id))
        except REFUSALS as refused:
            return refused.code
        return "done"

    def some(self, pieces: dict[UUID, int]) -> dict[UUID, int]:
        """Choose some of these pieces."""
        return {item: self.chance.randint(0, number) for item, number in sorted(pieces.items())}


def begin(store: RequestContext, variants: list[UUID], method_id: UUID, chance: Random, code: str) -> Life:
    """Take down a draft and place it."""
    lines = [AddedInput(variant_id=each, quantity=chance.randint(1, 4)) for each in variants]
    given = DraftInput.model_validate(
        {
            "email": "lena@example.com",
            "shipping_address": ADDRESS,
            "shipping_method_id": method_id,
            "promotion_code": code,
            "lines": lines,
        }
    )
    with use_context(replace(store, actor=STAFF)), unit_of_work() as session:
        order = drafts.create_draft(session, given)
        drafts.place_draft(session, order)
        return Life(store, order.id, variants, chance)


def wrong(session: Session) -> list[str]:
    """Return the rules that do not hold; with the states that are not what counters make of them."""
    broken = [rule for rule, query in _WRONG.items() if session.execute(text(query)).first()]
    states = [order.number for order in session.scalars(select(Order)) if order.payment_status != payment_status(order)]
    return [*broken, *states]


def _pay(life: Life, session: Session, order: Order) -> None:
    amount = max(1, life.chance.choice([order.due_minor, order.due_minor // 2, 700]))
    payments.record_payment(session, order, PaymentInput(amount_minor=amount))


def _give_back(life: Life, session: Session, order: Order) -> None:
    amount = max(1, life.chance.choice([-order.due_minor, 300]))
    payments.record_payment(session, order, PaymentInput(kind="refund", amount_minor=amount))


def _plan(life: Life, session: Session, order: Order) -> None:
    fulfilments.create_fulfilment(session, order, life.some(fulfilments.plannable(session, order)))


def _move_parcel(life: Life, session: Session, order: Order) -> None:
    parcels = session.scalars(select(Fulfilment).where(Fulfilment.order_id == order.id)).all()
    movable = [(each, target) for each in parcels for target in FULFILMENT.next(each.status)]
    if movable:
        # Most parcels arrive.
        usual = [2 if target in ("shipped", "delivered") else 1 for _, target in movable]
        fulfilments.move_fulfilment(session, *life.chance.choices(movable, usual)[0])


def _cancel_some(life: Life, session: Session, order: Order) -> None:
    cancel_pieces(session, order, life.some(fulfilments.plannable(session, order)))


def _withdraw(life: Life, session: Session, order: Order) -> None:
    returns.withdraw(session, order, life.some(returns.withdrawable(session, order)))


def _announce(life: Life, session: Session, order: Order) -> None:
    kind = life.chance.choice(["return", "exchange"])
    returns.request_return(session, order, life.some(returns.returnable(session, order)), kind=kind)


def _move_return(life: Life, session: Session, order: Order) -> None:
    found = session.scalars(select(OrderReturn).where(OrderReturn.order_id == order.id)).all()
    movable = [(each, target) for each in found for target in RETURN.next(each.status)]
    if not movable:
        return
    chosen, target = life.chance.choice(movable)
    if target == "refunded":
        return_steps.refund_return(session, chosen, RefundInput())
        return
    condition = life.chance.choice(["resellable", "damaged", "quarantine"])
    counted = {
        item.id: CountedInput(pieces=life.chance.randint(0, row.quantity), condition=condition)
        for row, item in returns.return_items(session, chosen)
    }
    return_steps.move_return(session, chosen, target, note="no", counted=counted)


def _edit(life: Life, session: Session, order: Order) -> None:
    add = [AddedInput(variant_id=life.chance.choice(life.variants), quantity=life.chance.randint(1, 2))]
    cancel = life.some(fulfilments.plannable(session, order))
    change = changes.draft_change(session, order, ChangeInput(cancel=cancel, add=add))
    before = order.total_minor - order.credited_minor
    changes.move_change(session, change, "requested")
    changes.move_change(session, change, CHANGE.next("requested")[0])
    kept = [item for item in items_of(session, order) if item.kind == "product" and item.quantity > item.cancelled]
    if kept:
        assert order.total_minor - order.credited_minor - before == change.delta_minor


def _move_order(life: Life, session: Session, order: Order) -> None:
    if following := [target for target in ORDER.next(order.status) if target != "expired"]:
        move_order(session, order, life.chance.choice(following), life.chance.choice(CANCEL_REASONS))


STEPS: dict[str, Callable[[Life, Session, Order], None]] = {
    "pay": _pay,
    "give back": _give_back,
    "plan": _plan,
    "move parcel": _move_parcel,
    "cancel some": _cancel_some,
    "withdraw": _withdraw,
    "announce": _announce,
    "move return": _move_return,
    "edit": _edit,
    "move order": _move_order,
}
WEIGHTS = [3, 2, 9, 15, 1, 2, 5, 9, 2, 1]
