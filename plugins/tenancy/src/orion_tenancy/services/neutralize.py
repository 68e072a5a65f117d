"""Makes the copy of a production database harmless: nobody is signed in, nobody is written to, no domain is served."""

from typing import Any

from sqlalchemy import Text, cast, delete, func, update
from sqlalchemy.orm import Session

from orion_tenancy.models import Domain, Invitation, LoginSession, Merchant, User

NOWHERE = "@example.invalid"
"""Of a reserved domain: mail to it reaches nobody, whatever server sends it."""


def neutralize(session: Session, keep: frozenset[str]) -> dict[str, int]:
    """Return what was done, as counts; whose address is in ``keep`` keeps it."""
    live = LoginSession.revoked_at.is_(None)
    return {
        "sessions ended": _changed(session, update(LoginSession).where(live).values(revoked_at=func.now())),
        "invitations withdrawn": _changed(session, delete(Invitation).where(Invitation.accepted_at.is_(None))),
        "domains unverified": _changed(
            session, update(Domain).where(Domain.verified_at.is_not(None)).values(verified_at=None)
        ),
        "addresses of users made undeliverable": _undeliverable(session, User.email, keep),
        "addresses of merchants made undeliverable": _undeliverable(session, Merchant.contact_email, keep),
    }


def _undeliverable(session: Session, column: Any, keep: frozenset[str]) -> int:
    model = column.class_
    others = update(model).where(column.not_in(sorted(keep)), ~column.endswith(NOWHERE))
    return _changed(session, others.values({column.key: cast(model.id, Text) + NOWHERE}))


def _changed(session: Session, statement: Any) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]
