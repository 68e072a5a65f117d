"""Menu overrides: what a tenant, or one user there, hides or moves in the menus."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.db.mixins import OWNER_KEY, owner_values
from orion_core.models.settings import MenuOverride
from orion_core.services.audit import audit

_NOBODY = text("coalesce(user_id, '00000000-0000-0000-0000-000000000000'::uuid)")


@dataclass(frozen=True, slots=True)
class Placing:
    """How a menu item is shown.

    Args:
        hidden: Not shown at all.
        order: Order instead of the item's own; ``None`` keeps that.
    """

    hidden: bool = False
    order: int | None = None


def place_menu_item(session: Session, item: str, placing: Placing, user_id: UUID | None = None) -> None:
    """Hide or move a menu item for the current tenant.

    Args:
        session: A session of that tenant.
        item: The item's id.
        placing: How it shall be shown; the default brings it back.
        user_id: For this user only; for everybody if omitted.
    """
    values: dict[str, Any] = {"hidden": placing.hidden, "order": placing.order}
    statement = insert(MenuOverride).values(item=item, user_id=user_id, **values, **owner_values())
    row = session.scalars(
        statement.on_conflict_do_update(
            index_elements=[OWNER_KEY, "item", _NOBODY],
            set_={"hidden": statement.excluded.hidden, "sort_order": statement.excluded.sort_order},
        ).returning(MenuOverride)
    ).one()
    audit(session, "core.place_menu_item", row, item=item, hidden=placing.hidden, order=placing.order)


def placings(session: Session, user_id: UUID | None) -> dict[str, Placing]:
    """Return the current tenant's overrides by item; a user's own win over everybody's.

    Args:
        session: A session of that tenant.
        user_id: Whose menu.
    """
    rows = session.execute(
        select(MenuOverride.item, MenuOverride.hidden, MenuOverride.order)
        .where(or_(MenuOverride.user_id.is_(None), MenuOverride.user_id == user_id))
        .order_by(func.coalesce(MenuOverride.user_id == user_id, False))
    )
    return {item: Placing(hidden, order) for item, hidden, order in rows}
