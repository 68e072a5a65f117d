"""Makes customers in the copy of a production database unreachable."""

from typing import Any

from sqlalchemy import Text, cast, delete, update
from sqlalchemy.orm import Session

from orion_customers.models import Customer, CustomerSession, PasswordResetToken

NOWHERE = "@example.invalid"


def neutralize(session: Session, keep: frozenset[str]) -> dict[str, int]:
    """Return what was done, as counts; whose address is in ``keep`` keeps it."""
    others = update(Customer).where(Customer.email.not_in(sorted(keep)), ~Customer.email.endswith(NOWHERE))
    return {
        "sessions of customers ended": _changed(session, delete(CustomerSession)),
        "links of customers withdrawn": _changed(session, delete(PasswordResetToken)),
        "addresses of customers made undeliverable": _changed(
            session, others.values(email=cast(Customer.id, Text) + NOWHERE)
        ),
    }


def _changed(session: Session, statement: Any) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]
