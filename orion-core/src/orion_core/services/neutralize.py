"""Makes the copy of a production database harmless: no key works, no job runs, no stored secret is left."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Table, Text, Update, cast, func, literal, null, select, update
from sqlalchemy.orm import Session

from orion_core.db import METADATA, EncryptedText
from orion_core.models import ApiKey, EventDelivery, MailMessage, OutboxEvent, SettingValue, TaskRun
from orion_core.models import mail as mail_models
from orion_core.models import outbox as outbox_models
from orion_core.models import task_run as task_run_models

MODULE, FIELD = "core", "neutralized"
"""The setting that marks a neutralised copy; it belongs to no tenant."""


def neutralize(session: Session) -> dict[str, int]:
    """Take the life out of a copy and mark it.

    Args:
        session: A session of the schemas' owner.

    Returns:
        What was done, as counts.
    """
    done = {what: _changed(session, statement) for what, statement in _cures().items()}
    done["secrets blanked"] = sum(_blanked(session, column) for column in _secrets(session))
    if neutralized_at(session) is None:
        session.add(
            SettingValue(
                module_name=MODULE,
                field=FIELD,
                value=datetime.now(UTC).isoformat(),
                platform_id=None,
                merchant_id=None,
                store_id=None,
            )
        )
    return done


def _cures() -> dict[str, Update]:
    """Return what has to be changed, by what it does."""
    return {
        "API keys revoked": update(ApiKey).where(ApiKey.revoked_at.is_(None)).values(revoked_at=func.now()),
        "task runs cancelled": update(TaskRun)
        .where(TaskRun.status.in_(task_run_models.OPEN))
        .values(status="cancelled", finished_at=func.now()),
        "event deliveries skipped": update(EventDelivery)
        .where(EventDelivery.status.in_(outbox_models.OPEN))
        .values(status="skipped", done_at=func.now()),
        "mails cancelled": update(MailMessage)
        .where(MailMessage.state.in_(mail_models.UNSENT))
        .values(state="cancelled", ended_at=func.now()),
        "mails with secrets emptied": update(MailMessage)
        .where(MailMessage.is_secret, MailMessage.html != "")
        .values(html="", text=""),
        "events held back": update(OutboxEvent).where(OutboxEvent.relayed_at.is_(None)).values(relayed_at=func.now()),
    }


def neutralized_at(session: Session) -> datetime | None:
    """Return when this database was neutralised, ``None`` if it never was.

    Args:
        session: A platform-wide session; a tenant does not see the mark.
    """
    mark = select(SettingValue.value).where(
        SettingValue.module_name == MODULE, SettingValue.field == FIELD, SettingValue.platform_id.is_(None)
    )
    value = session.scalar(mark)
    return None if value is None else datetime.fromisoformat(value)


def _secrets(session: Session) -> Iterator[Column[Any]]:
    """Yield the encrypted columns of all modules whose tables are in this database."""
    for table in METADATA.tables.values():
        found = [column for column in table.columns if isinstance(column.type, EncryptedText)]
        if found and session.scalar(select(func.to_regclass(table.fullname))) is not None:
            yield from found


def _blanked(session: Session, column: Column[Any]) -> int:
    assert isinstance(column.table, Table)
    # Read as plain text: the copy may not have the key, and need not.
    written = func.nullif(cast(column, Text), "")
    blank = null() if column.nullable else literal("", Text)
    return _changed(session, update(column.table).where(written.is_not(None)).values({column.name: blank}))


def _changed(session: Session, statement: Any) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]
