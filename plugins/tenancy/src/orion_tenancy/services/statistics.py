"""The figures of the admin and store dashboards."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_tenancy.models import Invitation, Membership, Merchant, Platform, Store, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How much there is of everything, over the whole installation."""

    platforms: int
    merchants: int
    waiting: int
    stores: int
    open_stores: int
    users: int


def overview(session: Session) -> Overview:
    figures = {
        "platforms": select(func.count()).select_from(Platform),
        "merchants": select(func.count()).select_from(Merchant),
        "waiting": select(func.count()).where(Merchant.state.in_(["applied", "in_review"])),
        "stores": select(func.count()).select_from(Store),
        "open_stores": select(func.count()).where(Store.is_open),
        "users": select(func.count()).where(User.is_active),
    }
    row = session.execute(select(*(query.scalar_subquery().label(name) for name, query in figures.items())))
    return Overview(**row.mappings().one())


def latest_merchants(session: Session, limit: int = 5) -> list[Merchant]:
    return list(session.scalars(select(Merchant).order_by(Merchant.created_at.desc(), Merchant.id).limit(limit)))


def team_size(session: Session) -> tuple[int, int]:
    """Return how many members and open invitations the present store has."""
    store_id = current_context().store_id
    members = select(func.count()).where(Membership.store_id == store_id)
    open_ = select(func.count()).where(Invitation.store_id == store_id, Invitation.accepted_at.is_(None))
    return session.scalar(members) or 0, session.scalar(open_) or 0


def stores_with_teams(session: Session, merchant_id: UUID | None) -> list[tuple[Store, int]]:
    """Return a merchant's stores with the number of members of each. A platform-wide session."""
    members = select(func.count()).where(Membership.store_id == Store.id).scalar_subquery()
    statement = select(Store, members).where(Store.merchant_id == merchant_id).order_by(Store.name)
    return [(store, size) for store, size in session.execute(statement)]
