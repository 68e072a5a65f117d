"""Files that were made or received by the platform's work: invoices, labels, exports."""

from datetime import datetime

from sqlalchemy import LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped
from orion_core.models.base import Base


class FileRecord(OwnerScoped, Identified, Base):
    """A file with its content. Policy: ``owner``. Append-only."""

    __tablename__ = "file"

    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
