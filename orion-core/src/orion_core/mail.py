"""Mail: rendered and queued in the transaction of its cause, once per cause and recipient."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.context import current_context, use_context
from orion_core.contributions import Area
from orion_core.db.mixins import owner_values
from orion_core.errors import Conflict, InvalidInput, NotFound
from orion_core.files import list_files
from orion_core.ids import new_id
from orion_core.models.mail import MailMessage
from orion_core.posting import MailArgs, post_mail
from orion_core.runtime import current_runtime
from orion_core.services.audit import audit
from orion_core.services.mail_text import read_mail
from orion_core.services.mails import find_locked, move
from orion_core.tasks import enqueue

__all__ = ["Mail", "area_url", "send_again", "send_mail"]

_PART = r"[^\s\x00-\x1f\x7f@<>()\[\],;:\\\"]+"
_ADDRESS = re.compile(f"{_PART}@{_PART}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to be sent.

    Args:
        template: ``module/mail/name.html``; it extends ``core/mail.html`` and fills ``subject`` and ``content``.
        to: The recipient's address.
        locale: Language to write it in.
        key: What causes it, unique in the tenant, such as ``orders.placed:<id>``: the same cause mails the same
            recipient once, however often it is told.
        variables: What the template needs. It has besides: ``url("/path")`` for links into the shop, ``sender``.
        attachments: Ids of the tenant's files.
        sender_name: Whom it comes from; the store's or platform's name if empty.
        secret: Whether it holds a link that opens something; what it says is then forgotten once it was sent.
    """

    template: str
    to: str
    locale: str
    key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[UUID, ...] = ()
    sender_name: str = ""
    secret: bool = False


def send_mail(session: Session, mail: Mail) -> UUID | None:
    """Render a mail and queue it with the running transaction.

    Without a mail server it is caught: kept and shown on the pages of mail, never sent.

    Args:
        session: The session of the change that causes it.
        mail: The mail.

    Returns:
        Its id, or ``None`` if this cause has mailed this recipient before.

    Raises:
        InvalidInput: If the recipient is not an address.
        NotFound: If an attachment does not exist here.
    """
    recipient = mail.to.strip().lower()
    if not _ADDRESS.fullmatch(recipient):
        raise InvalidInput(f"{mail.to!r} is not an e-mail address")
    list_files(session, list(mail.attachments))
    delivers, sender_name = current_runtime().mailer.delivers, mail.sender_name or _sender()
    html = _render(mail, sender_name)
    subject, text = read_mail(html)
    values = {
        "id": new_id(),
        "module_name": mail.template.partition("/")[0],
        "key": mail.key,
        "recipient": recipient,
        "sender_name": " ".join(sender_name.split()),
        "template": mail.template,
        "locale": mail.locale,
        "subject": subject,
        "html": html,
        "text": text,
        "is_secret": mail.secret,
        "attachments": [str(file_id) for file_id in mail.attachments],
        "state": "queued" if delivers else "caught",
        "ended_at": None if delivers else func.now(),
    }
    return _write(session, values, delivers=delivers)


def _write(session: Session, values: Mapping[str, Any], *, delivers: bool) -> UUID | None:
    statement = insert(MailMessage).values(**values, **owner_values()).on_conflict_do_nothing()
    mail_id = session.scalar(statement.returning(MailMessage.id))
    if mail_id is not None and delivers:
        run_id = enqueue(session, post_mail, MailArgs(mail_id=mail_id))
        session.execute(update(MailMessage).where(MailMessage.id == mail_id).values(run_id=run_id))
    return mail_id


def send_again(session: Session, mail_id: UUID) -> None:
    """Send a mail that failed, or that was caught before there was a mail server.

    Args:
        session: A session that sees it.
        mail_id: The mail.

    Raises:
        NotFound: If there is no such mail.
        Conflict: If it is on its way or was sent, or there is no mail server.
    """
    mail = find_locked(session, mail_id)
    if mail is None:
        raise NotFound("there is no such mail")
    if not current_runtime().mailer.delivers:
        raise Conflict("there is no mail server; set ORION_SMTP_URL")
    move(mail, "queued")
    mail.run_id = enqueue(session, post_mail, MailArgs(mail_id=mail_id))
    audit(session, "core.send_mail_again", mail, recipient=mail.recipient)


def area_url(path: str, area: Area = Area.SHOP) -> str:
    """Return the absolute address of a path, for mails and documents.

    Args:
        path: Path inside the area, such as ``/account``; it starts with a slash.
        area: The current store's shop, or another area of the current tenant. Outside a store the shop's address is
            the platform's own.

    Raises:
        LookupError: If the area belongs to a tenant and there is none.
    """
    context, area = current_context(), Area(area)  # templates name it by its value
    if area is Area.SHOP and context.store_id is None:
        area = Area.PUBLIC
    merchant = context.tenant.merchant if context.tenant else None
    prefix = area.pages_prefix
    if area in {Area.SHOP, Area.STORE}:
        prefix = prefix.format(store=quote(context.store.code))
    elif area is Area.MERCHANT:
        if merchant is None:
            raise LookupError("this runs outside any merchant")
        prefix = prefix.format(merchant=quote(merchant.code))
    return f"{current_runtime().public_url}{prefix}{path}"


def _sender() -> str:
    tenant = current_context().tenant
    return (tenant.store or tenant.platform).name if tenant else "Orion"


def _render(mail: Mail, sender: str) -> str:
    with use_context(replace(current_context(), locale=mail.locale)):
        template = current_runtime().environment().get_template(mail.template)
        return template.render({**mail.variables, "url": area_url, "sender": sender, "locale": mail.locale})
