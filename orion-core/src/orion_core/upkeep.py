"""The core module's scheduled work: records that have served their time are forgotten."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from orion_core.services import idempotency, mails, outbox, run_dispatch
from orion_core.tasks import task

KEEP_DAYS = 30
"""How long finished task runs, delivered events and idempotency keys stay on record."""


@task("core.forget_old_records", queue="scheduled", title="Forget old records")
def forget_old_records(session: Session) -> None:
    """Remove what ended a month ago, mail after a year; safe to run late, twice or in parallel."""
    moment = datetime.now(UTC) - timedelta(days=KEEP_DAYS)
    for service in (idempotency, mails, outbox, run_dispatch):
        service.forget_before(session, moment)
