"""Publishing an event: with the transaction or not at all, for the current tenant."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import ProgrammingError

from orion_core.context import use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.events import publish
from orion_core.ids import new_id
from orion_core.models.outbox import OutboxEvent
from orion_core.services import outbox
from tests.host.background.sample import Counted
from tests.host.background.stage import Stage


def test_event_is_recorded_with_its_tenant_and_request(stage: Stage) -> None:
    event = Counted(counter=new_id(), number=1)
    with use_context(stage.stores[0]), unit_of_work() as session:
        publish(session, event)
    (row,) = stage.sql("SELECT * FROM core.outbox_event")
    assert (row["type"], row["aggregate_id"]) == ("sample.counted.v1", event.counter)
    assert row["payload"] == {"counter": str(event.counter), "number": 1, "mood": ""}
    assert (row["store_id"], row["request_id"]) == (stage.stores[0].store_id, stage.stores[0].request_id)


def test_rolled_back_event_leaves_nothing(stage: Stage) -> None:
    with use_context(stage.stores[0]), stage.runtime.database.session() as session:
        publish(session, Counted(counter=new_id(), number=1))
        session.rollback()
    assert stage.sql("SELECT id FROM core.outbox_event") == []


def test_other_store_does_not_see_the_event(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        publish(session, Counted(counter=new_id(), number=1))
    with use_context(stage.stores[1]), unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEvent)) == 0


def test_published_event_cannot_be_changed_or_removed(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        publish(session, Counted(counter=new_id(), number=1))
    for statement in (update(OutboxEvent).values(payload={}), delete(OutboxEvent)):
        with use_context(stage.stores[0]), pytest.raises(ProgrammingError, match="denied"), unit_of_work() as session:
            session.execute(statement)


def test_old_events_are_forgotten_unless_somebody_still_needs_them(stage: Stage) -> None:
    with use_context(stage.stores[0]), unit_of_work() as session:
        for number in range(4):
            publish(session, Counted(counter=new_id(), number=number))
    with platform_scope("test") as session:
        outbox.relay(session, lambda event: ["sample.ledger"] if event.payload["number"] < 3 else [])
    stage.sql("UPDATE core.event_delivery SET status = 'done' WHERE position = 2")
    stage.sql("UPDATE core.event_delivery SET status = 'dead' WHERE position = 1")
    with platform_scope("test") as session:
        assert outbox.forget_before(session, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert outbox.forget_before(session, datetime.now(UTC) + timedelta(hours=1)) == 2
    left = stage.sql("SELECT payload FROM core.outbox_event ORDER BY position")
    assert [row["payload"]["number"] for row in left] == [0, 2]
