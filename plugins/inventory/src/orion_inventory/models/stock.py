"""Where pieces lie, how many there are, and to whom they are promised.

``on_hand`` counts sellable pieces; what is damaged or in quarantine is counted beside it, in ``unavailable``. Hence
available = on_hand - reserved - active reservations. ``services.ledger`` alone changes the counters and allocations.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from orion_core.db import Identified, StoreScoped, Timestamped, Versioned
from orion_core.db.mixins import one_of, tenant_reference
from orion_inventory.models.base import Base

KINDS = ("warehouse", "shop", "supplier", "other")


class Location(StoreScoped, Versioned, Timestamped, Identified, Base):
    __tablename__ = "locations"
    __table_args__ = (
        ForeignKeyConstraint(["store_id"], ["tenancy.stores.id"]),
        UniqueConstraint("store_id", "code"),
        one_of("kind", KINDS, "kind"),
        CheckConstraint("priority >= 0", name="priority"),
    )

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="warehouse")
    priority: Mapped[int] = mapped_column(default=10)
    """Orders take from the smallest first."""
    is_active: Mapped[bool] = mapped_column(default=True)
    """What lies at an inactive location is not for sale."""


class Inventory(StoreScoped, Timestamped, Identified, Base):
    """The pieces of a variant in one place. A variant without any is not tracked."""

    __tablename__ = "inventory"
    __table_args__ = (
        tenant_reference(("variant_id",), "catalog.variants"),
        tenant_reference(("location_id",), "inventory.locations"),
        UniqueConstraint("store_id", "variant_id", "location_id", "bin"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("unavailable >= 0", name="unavailable"),
        CheckConstraint("reserved <= on_hand", name="promised_is_there"),
        CheckConstraint("low_stock_at >= 0", name="low_stock_at"),
        Index("ix_inventory_location", "store_id", "location_id"),
        Index(
            "ix_inventory_low", "store_id", "variant_id", postgresql_where=text("on_hand - reserved <= low_stock_at")
        ),
    )

    variant_id: Mapped[UUID]
    location_id: Mapped[UUID]
    bin: Mapped[str] = mapped_column(Text, default="", server_default="")
    on_hand: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    unavailable: Mapped[int] = mapped_column(default=0, server_default="0")
    low_stock_at: Mapped[int | None]
    """At this many free pieces or fewer it is on the low-stock list; empty: never."""
    entries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many ledger rows it has."""


class Reservation(StoreScoped, Base):
    """What a cart in checkout holds until ``expires_at``; after that it does not count, swept or not."""

    __tablename__ = "reservations"
    __table_args__ = (
        tenant_reference(("variant_id",), "catalog.variants"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_reservations_variant", "store_id", "variant_id", "expires_at"),
        Index("ix_reservations_expires_at", "expires_at"),
    )

    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    expires_at: Mapped[datetime]


class Allocation(StoreScoped, Base):
    """What is promised to an order from one place and not yet shipped; zero once it is."""

    __tablename__ = "allocations"
    __table_args__ = (
        tenant_reference(("inventory_id",), "inventory.inventory"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_allocations_open", "store_id", "inventory_id", postgresql_where=text("quantity > 0")),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    inventory_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
