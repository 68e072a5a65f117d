"""Number series without gaps or repeats, for invoices and other documents of law."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.db.mixins import owner_values
from orion_core.models.records import NumberSeries


def next_number(session: Session, code: str, period: str = "") -> int:
    """Take the next number of a series of the current tenant.

    The series' row stays locked until the transaction ends: whoever comes next waits, and a rollback gives the
    number back. Take it last, shortly before the commit.

    Args:
        session: The session of the document's transaction.
        code: The series, ``orders.invoice``.
        period: Where numbering starts anew, such as ``2026``.

    Returns:
        1 for the first document of a period, then 2 and so on.
    """
    owner = owner_values()
    session.execute(insert(NumberSeries).values(code=code, period=period, **owner).on_conflict_do_nothing())
    series = session.scalars(
        select(NumberSeries)
        .filter_by(code=code, period=period, **owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    series.last_value += 1
    session.flush()
    return series.last_value
