"""Stored values of settings and menus: what an operator, merchant or store changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, OwnerScoped, Timestamped
from orion_core.db.mixins import OWNER_KEY
from orion_core.models.base import Base


class SettingValue(OwnerScoped, Timestamped, Identified, Base):
    """One setting of one module as changed by one tenant."""

    __tablename__ = "setting_value"
    __table_args__ = (
        Index(
            "uq_setting_value_owner",
            OWNER_KEY,
            "module",
            "field",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    module_name: Mapped[str] = mapped_column("module", Text)
    field: Mapped[str] = mapped_column(Text)
    value: Mapped[Any] = mapped_column(JSONB)


class MenuOverride(OwnerScoped, Timestamped, Identified, Base):
    """A menu item hidden or moved by a tenant, for everybody or for one user."""

    __tablename__ = "menu_override"
    __table_args__ = (
        Index(
            "uq_menu_override_owner",
            OWNER_KEY,
            "item",
            text("coalesce(user_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    item: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column()
    hidden: Mapped[bool] = mapped_column(default=False)
    order: Mapped[int | None] = mapped_column("sort_order")
