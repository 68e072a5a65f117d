"""VAT numbers: their form is checked at once and offline, whether they are registered by a task that fails closed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from orion_core.events import publish
from orion_customers.events import TaxNumberChecked
from orion_customers.exceptions import InvalidTaxNumber
from orion_customers.models import TaxNumber

log = structlog.get_logger(__name__)


def parse_tax_number(text: str) -> tuple[str, str]:
    """Return a VAT number in its compact form, and its country (ISO 3166-1 alpha-2).

    Raises:
        InvalidTaxNumber: Form or check digit is wrong.
    """
    try:
        value = vat.validate(text)
    except ValidationError as error:
        message = "This is not a VAT number; write it with its country, such as LU15027442"
        raise InvalidTaxNumber(message, errors={"tax_number": message}) from error
    country = value[:2].replace("EL", "GR")
    return value, country


def find_tax_number(session: Session, customer_id: UUID) -> TaxNumber | None:
    return session.scalars(select(TaxNumber).where(TaxNumber.customer_id == customer_id)).one_or_none()


def set_tax_number(session: Session, customer_id: UUID, text: str) -> TaxNumber | None:
    """Give a customer a VAT number, unchecked, or take it away; the same number keeps what is known of it.

    Returns:
        The number if it has to be checked, else ``None``.
    """
    known = find_tax_number(session, customer_id)
    if not text.strip():
        if known is not None:
            session.delete(known)
        return None
    value, country = parse_tax_number(text)
    if known is not None and known.value == value:
        return None
    if known is None:
        known = TaxNumber(customer_id=customer_id, value=value, country=country)
        session.add(known)
    known.value, known.country, known.status, known.checked_at, known.consultation = (
        value,
        country,
        "unchecked",
        None,
        "",
    )
    session.flush()
    return known


def record_check(session: Session, number_id: UUID, value: str, status: str, consultation: str) -> None:
    """Write down what a check said; an answer about a number that was replaced since is dropped.

    No answer says nothing new: a number once valid stays so until a check says otherwise.
    """
    statement = select(TaxNumber).where(TaxNumber.id == number_id, TaxNumber.value == value).with_for_update()
    number = session.scalars(statement).one_or_none()
    if number is None:
        return
    if status != "unavailable" or number.status == "unchecked":
        number.status = status
    if status != "unavailable":
        number.checked_at, number.consultation = datetime.now(UTC), consultation
    publish(session, TaxNumberChecked(customer_id=number.customer_id, value=value, status=number.status))


def due_checks(session: Session, days: int, limit: int = 200) -> list[TaxNumber]:
    """Return numbers whose last answer is missing or older than that, longest waiting first."""
    before = datetime.now(UTC) - timedelta(days=days)
    due = or_(TaxNumber.checked_at.is_(None), TaxNumber.checked_at < before)
    statement = select(TaxNumber).where(due).order_by(TaxNumber.checked_at.nulls_first(), TaxNumber.id)
    return list(session.scalars(statement.limit(limit)))


def stores_with_due_checks(session: Session) -> list[UUID]:
    """Return the stores with numbers nobody has asked about for a day, given a platform-wide session."""
    before = datetime.now(UTC) - timedelta(days=1)
    due = or_(TaxNumber.checked_at.is_(None), TaxNumber.checked_at < before)
    return list(session.scalars(select(TaxNumber.store_id).where(due).distinct().order_by(TaxNumber.store_id)))
