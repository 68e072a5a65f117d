"""Hands queued mail to the mail server. The network call stands between two transactions, never inside one."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.files import StoredFile, read_file
from orion_core.models.mail import OPEN, MailMessage
from orion_core.runtime import MailNotSent, current_runtime
from orion_core.services.mails import find_locked, move
from orion_core.tasks import RunningTask, task

RETRIES = 12
"""With the usual waits between them, a mail is tried for some three hours."""


class MailArgs(BaseModel):
    mail_id: UUID


@task("core.send_mail", title="Send a mail", retries=RETRIES, time_limit=120)
def post_mail(args: MailArgs, run: RunningTask) -> None:
    """Send one mail.

    Mail knows no transactions: a worker that dies after the server took the mail and before that is written down
    sends it again, with the same Message-ID, by which mail programs know it for the same.

    Raises:
        MailNotSent: If the server did not take it; the run is tried again.
    """
    message = _begin(args.mail_id, run.id)
    if message is None:
        return
    try:
        current_runtime().mailer.send(message)
    except MailNotSent as refused:
        again = not refused.permanent and run.attempt <= RETRIES
        _end(args.mail_id, "queued" if again else "failed", str(refused))
        if not refused.permanent:
            raise
    else:
        _end(args.mail_id, "sent")


def _begin(mail_id: UUID, run_id: UUID) -> EmailMessage | None:
    """Note that a mail is on its way and return its message; ``None`` if this run is not to send it."""
    with _transaction() as session:
        mail = find_locked(session, mail_id)
        if mail is None or mail.run_id != run_id or mail.state not in OPEN:
            return None
        move(mail, "sending")
        if current_runtime().mailer.delivers:
            return compose(mail, [read_file(session, UUID(file_id)) for file_id in mail.attachments])
        move(mail, "caught")
        return None


def _end(mail_id: UUID, state: str, error: str = "") -> None:
    with _transaction() as session:
        mail = find_locked(session, mail_id)
        if mail is not None:
            move(mail, state, error)


@contextmanager
def _transaction() -> Iterator[Session]:
    own = current_context().tenant is None
    with platform_scope("send the installation's own mail") if own else unit_of_work() as session:
        yield session


def compose(mail: MailMessage, files: list[StoredFile]) -> EmailMessage:
    """Return the message as it travels.

    Args:
        mail: What was written. Headers made of its texts cannot be broken out of: the library refuses line ends.
        files: What goes with it.
    """
    message = EmailMessage()
    user, _, domain = current_runtime().mailer.sender.partition("@")
    message["From"] = Address(mail.sender_name, user, domain)
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.locale
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message
