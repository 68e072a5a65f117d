"""What the pages of the store's team share: forms of pieces and money, and what happens if they are refused."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from orion_core.errors import InvalidInput
from orion_core.money import Money
from orion_core.web import FORM_ERRORS, redirect
from orion_core.web import translate as _
from orion_orders.config import MAX_QUANTITY

Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=2_000)]


class PiecesForm(BaseModel):
    """Pieces per line of an order: two columns of equal length."""

    item_id: list[UUID] = []
    quantity: list[str] = []

    def pieces(self) -> dict[UUID, int]:
        """Return pieces by item; empty cells are none.

        Raises:
            InvalidInput: A cell does not hold a whole number.
        """
        return {item: whole(text) for item, text in zip(self.item_id, self.quantity, strict=False)}


class MoneyForm(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Literal["payment", "refund"] = "payment"
    amount: Short = ""
    method: Annotated[str, Field(min_length=1, max_length=40)] = "transfer"
    reference: Short = ""


class NoteForm(BaseModel):
    note: Long = ""


def attempt(session: Session, path: str, act: Callable[[], str | tuple[str, str]]) -> Any:
    """Do what a small form asks for, and lead back with a word about it.

    Args:
        session: The request's session; rolled back if the form is refused.
        path: Where to lead.
        act: Does it; returns the message, or another path and the message.
    """
    try:
        done = act()
        session.flush()
    except FORM_ERRORS as error:
        session.rollback()
        said = "; ".join(_(text) for text in error.errors.values()) if isinstance(error, InvalidInput) else ""
        return redirect(path, said or _(error.detail or error.title), level="danger")
    leads, message = (path, done) if isinstance(done, str) else done
    return redirect(leads, message)


def whole(text: str) -> int:
    """Return a number of pieces as typed; empty is none.

    Raises:
        InvalidInput: It is no whole number.
    """
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and int(text[:8]) <= MAX_QUANTITY):
        raise InvalidInput(errors={"quantity": "Write a whole number of pieces"})
    return int(text or 0)


def major(amount: int, currency: str) -> str:
    """Return an amount as it is typed."""
    return str(Money(amount, currency).decimal)
