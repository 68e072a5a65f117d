"""The fleet: the processes that are alive with what each runs, and who has ever subscribed to which event."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified
from orion_core.db.mixins import one_of
from orion_core.models.base import Base

KINDS = ("web", "worker", "beat", "relay")


class Process(Identified, Base):
    """A running process. Policy: ``using="false"``; it is for platform-wide work."""

    __tablename__ = "process"
    __table_args__ = (one_of("kind", KINDS, "kind"),)

    kind: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text)
    pid: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(Text)
    """Hash of ``modules``: processes that agree have the same."""
    modules: Mapped[dict[str, Any]]
    """The modules it loaded, each with the version of its distribution and the newest revision it ships."""
    out: Mapped[dict[str, Any]]
    """The modules that take no part in it, each with the reason."""
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Subscription(Base):
    """A subscriber that some process announced: events are kept for it while its module is quarantined.

    Policy: ``using="false"``.
    """

    __tablename__ = "subscription"

    subscriber: Mapped[str] = mapped_column(Text, primary_key=True)
    module_name: Mapped[str] = mapped_column("module", Text)
    event: Mapped[str] = mapped_column(Text)
    """Type of the events it wants."""
