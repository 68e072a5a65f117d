"""A mail to send, and what the table says about mails."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.mail import Mail, send_mail
from orion_core.models.mail import MailMessage


def a_mail(**changes: Any) -> Mail:
    """Return an invitation, the only mail of the core tier."""
    variables = {"inviter": "Ada & <Co>", "token": "abc", "invitation": SimpleNamespace(expires_at=date(2026, 12, 1))}
    values: dict[str, Any] = {
        "template": "tenancy/mail/invitation.html",
        "to": "lena@example.com",
        "locale": "en",
        "key": "test.cause:1",
        "variables": variables,
    }
    return Mail(**{**values, **changes})


def send(**changes: Any) -> MailMessage:
    """Send a mail in the current context, commit, and return its row."""
    with unit_of_work() as session:
        mail_id = send_mail(session, a_mail(**changes))
    assert mail_id is not None
    return row(mail_id)


def row(mail_id: Any) -> MailMessage:
    """Return a mail as it stands, whosever it is."""
    with use_context(NOWHERE), platform_scope("test") as session:
        return session.scalars(select(MailMessage).filter_by(id=mail_id)).one()
