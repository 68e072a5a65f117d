"""The life of a mail, and what people ask about mail."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer

from orion_core.errors import NotFound
from orion_core.models.mail import ENDED, UNSENT, MailMessage
from orion_core.services.newest import Key, take
from orion_core.states import StateMachine, Transition

KEEP = timedelta(days=335)
"""How much longer mail is kept than other records of work: a year in all."""
ERROR_LENGTH = 500

_COPY = "this is a copy that was made harmless"

MACHINE = StateMachine(
    name="core.mail",
    title="Mail",
    initial=("queued", "caught"),
    transitions=(
        Transition(source="queued", target="sending", who=("system",)),
        Transition(source="sending", target="sending", who=("system",), guard="the worker before died"),
        Transition(source="sending", target="sent", who=("system",), guard="the mail server took it"),
        Transition(source="sending", target="queued", who=("system",), guard="the mail server asks to try again"),
        Transition(source="sending", target="failed", who=("system",), guard="refused, or tried too often"),
        Transition(source="sending", target="caught", who=("system",), guard="there is no mail server any more"),
        Transition(source="failed", target="queued", who=("admin",)),
        Transition(source="caught", target="queued", who=("admin",), guard="there is a mail server now"),
        *(Transition(source=state, target="cancelled", who=("system",), guard=_COPY) for state in UNSENT),
    ),
)


def move(mail: MailMessage, state: str, error: str = "") -> None:
    """Bring a mail, whose row the caller has locked, into another state.

    Args:
        mail: The mail.
        state: The state it shall have.
        error: What went wrong, if anything.

    Raises:
        IllegalTransition: If that step is not possible.
    """
    MACHINE.step(mail.state, state)
    mail.state, mail.error = state, error[:ERROR_LENGTH]
    mail.ended_at = func.now() if state in ENDED else None
    if state == "sending":
        mail.attempts, mail.tried_at = mail.attempts + 1, func.now()
    if state == "sent" and mail.is_secret:
        mail.html = mail.text = ""


def find_locked(session: Session, mail_id: UUID) -> MailMessage | None:
    """Return a mail, locked for a change of its state, or ``None``."""
    return session.get(MailMessage, mail_id, with_for_update=True, populate_existing=True)


def get_mail(session: Session, mail_id: UUID) -> MailMessage:
    """Return a mail.

    Raises:
        NotFound: If there is no such mail, or none any more.
    """
    mail = session.get(MailMessage, mail_id)
    if mail is None:
        raise NotFound("there is no such mail; mail is kept for a year")
    return mail


def list_mails(
    session: Session, *, q: str = "", state: str = "", after: Key | None = None, limit: int = 20
) -> tuple[list[MailMessage], Key | None]:
    """Return a page of mail without the bodies, newest first, and the key of the next page.

    Args:
        session: A session that sees it; platform-wide for that of all tenants.
        q: Beginning of the recipient's address.
        state: Only mail in this state.
        after: Key of the last one seen.
        limit: How many are wanted.

    Raises:
        InvalidInput: If ``after`` belongs to another list.
    """
    statement = select(MailMessage).options(defer(MailMessage.html), defer(MailMessage.text))
    if q:
        statement = statement.where(MailMessage.recipient.startswith(q.strip().lower(), autoescape=True))
    if state:
        statement = statement.where(MailMessage.state == state)
    return take(session, statement, MailMessage.id, UUID, after=after, limit=limit)


def forget_before(session: Session, moment: datetime) -> int:
    """Remove mail that ended a year ago.

    Args:
        session: A platform-wide session.
        moment: Until when other records are forgotten.

    Returns:
        How many were removed.
    """
    result = session.execute(
        delete(MailMessage).where(MailMessage.ended_at < moment - KEEP),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
