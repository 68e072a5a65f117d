"""Mail as it was written to people, with what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped
from orion_core.db.mixins import OWNER_KEY, one_of
from orion_core.models.base import Base

OPEN = ("queued", "sending")
ENDED = ("sent", "failed", "caught", "cancelled")
UNSENT = ("queued", "sending", "failed", "caught")
"""States from which a mail may yet be sent."""


class MailMessage(OwnerScoped, Identified, Base):
    """A mail as it was rendered. Policy: ``owner``. One cause mails a recipient once."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("uq_mail_cause", OWNER_KEY, "key", "recipient", unique=True, postgresql_nulls_not_distinct=True),
        Index("ix_mail_owner", OWNER_KEY, "id"),
        Index("ix_mail_recipient", "recipient", "id"),
        Index("ix_mail_state", "state", "id"),
        one_of("state", (*OPEN, *ENDED), "state"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    module_name: Mapped[str] = mapped_column("module", Text)
    """Whose template it is; a module that is purged takes its mail along."""
    key: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    sender_name: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    is_secret: Mapped[bool]
    """Whether it holds a link that opens something; ``html`` and ``text`` are then emptied once it was sent."""
    attachments: Mapped[list[str]] = mapped_column(default=list)
    """Ids of files."""
    state: Mapped[str] = mapped_column(Text)
    run_id: Mapped[UUID | None]
    """The task run that is to send it; any other leaves it alone."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    tried_at: Mapped[datetime | None]
    """When it was last on its way to the mail server."""
    ended_at: Mapped[datetime | None]
