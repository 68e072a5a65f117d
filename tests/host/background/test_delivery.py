"""Delivering events, in this process: order, failure, switched-off modules, removed subscribers."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from orion_core.context import NOWHERE, RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.errors import Conflict
from orion_core.events import Event, publish
from orion_core.ids import new_id
from orion_core.services import deliveries
from orion_host.background import delivery as delivery_module
from orion_host.background.catalogue import Catalogue
from orion_host.background.delivery import deliver
from orion_host.background.places import Places
from orion_host.background.relay import Relay
from tests.host.background.installation import SampleAssembly
from tests.host.background.sample import Counted, Unheard
from tests.host.background.stage import Stage

Handle = Callable[[UUID], None]
ALL = {"sample.ledger", "sample.mirror", "other.echo"}


def published(*events: Event, context: RequestContext) -> None:
    scope = unit_of_work() if context.tenant else platform_scope("test")
    with use_context(context), scope as session:
        for event in events:
            publish(session, event)


@pytest.fixture
def relay(stage: Stage) -> Relay:
    return Relay(stage.runtime, stage.tasks)


@pytest.fixture
def handle(stage: Stage) -> Handle:
    """Return a function that delivers like a worker does."""
    catalogue = Catalogue(stage.runtime.assembly)
    return lambda delivery_id: deliver(Places(stage.runtime.assembly), catalogue, [delivery_id])


def sent_for(stage: Stage, subscriber: str) -> list[UUID]:
    """Return the deliveries to one subscriber that the relay has sent, in order of sending."""
    mine = {row["id"] for row in stage.deliveries(subscriber)}
    return [delivery for delivery in stage.tasks.taken() if delivery in mine]


def statuses(stage: Stage, subscriber: str) -> list[str]:
    return [row["status"] for row in stage.deliveries(subscriber)]


def test_each_subscriber_gets_one_delivery_in_the_events_tenant(stage: Stage, relay: Relay) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    relay.step()
    rows = stage.sql("SELECT * FROM core.event_delivery")
    assert {row["subscriber"] for row in rows} == ALL
    assert {row["store_id"] for row in rows} == {stage.stores[0].store_id}
    assert sorted(stage.tasks.taken()) == sorted(row["id"] for row in rows)


def test_handler_gets_the_event_as_it_subscribed_to_it(stage: Stage, relay: Relay, handle: Handle) -> None:
    published(Counted(counter=new_id(), number=7), context=stage.stores[0])
    relay.step()
    for delivery in stage.tasks.taken():
        handle(delivery)
    assert sorted(stage.effects()) == ["echo 7", "ledger 7", "mirror 7"]


def test_event_of_the_installation_itself_is_delivered_platform_wide(
    stage: Stage, relay: Relay, handle: Handle
) -> None:
    published(Counted(counter=new_id(), number=7), context=NOWHERE)
    relay.step()
    for delivery in sent_for(stage, "sample.ledger"):
        handle(delivery)
    assert stage.effects() == ["ledger 7"]


def test_event_nobody_subscribed_to_is_kept(stage: Stage, relay: Relay) -> None:
    published(Unheard(), context=stage.stores[0])
    relay.step()
    (row,) = stage.sql("SELECT * FROM core.outbox_event")
    assert row["relayed_at"]
    assert stage.sql("SELECT * FROM core.event_delivery") == []


def test_module_that_is_off_gets_no_delivery(stage: Stage, relay: Relay) -> None:
    stage.sql("UPDATE sample.platform SET off = '{other}'")
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    assert {row["subscriber"] for row in stage.sql("SELECT * FROM core.event_delivery")} == ALL - {"other.echo"}


def test_delivery_to_a_module_switched_off_meanwhile_is_skipped(stage: Stage, relay: Relay, handle: Handle) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    stage.sql("UPDATE sample.platform SET off = '{other}'")
    handle(sent_for(stage, "other.echo")[0])
    assert statuses(stage, "other.echo") == ["skipped"]
    assert stage.effects() == []


def test_failing_handler_leaves_no_effect_and_is_tried_again(stage: Stage, relay: Relay, handle: Handle) -> None:
    published(Counted(counter=new_id(), number=1, mood="raise"), context=stage.stores[0])
    relay.step()
    (delivery,) = sent_for(stage, "sample.ledger")
    handle(delivery)
    (row,) = stage.deliveries("sample.ledger")
    assert (row["status"], row["attempts"], row["error"]) == ("failed", 1, "RuntimeError: not healed yet")
    relay.step()
    assert sent_for(stage, "sample.ledger") == [], "it was sent before its time"
    stage.sign("healed")
    stage.let_time_pass()
    relay.step()
    handle(sent_for(stage, "sample.ledger")[0])
    assert (statuses(stage, "sample.ledger"), stage.effects()) == (["done"], ["ledger 1"])


def test_delivery_that_never_succeeds_is_dead_and_can_be_retried(stage: Stage, relay: Relay, handle: Handle) -> None:
    published(Counted(counter=new_id(), number=1, mood="raise"), context=stage.stores[0])
    relay.step()
    (delivery,) = sent_for(stage, "sample.ledger")
    for _ in range(deliveries.MAX_ATTEMPTS):
        assert statuses(stage, "sample.ledger") != ["dead"]
        handle(delivery)
        stage.let_time_pass()
    assert statuses(stage, "sample.ledger") == ["dead"]
    stage.sign("healed")
    with use_context(stage.stores[0]), unit_of_work() as session:
        deliveries.retry(session, delivery)
    relay.step()
    handle(sent_for(stage, "sample.ledger")[0])
    assert stage.effects() == ["ledger 1"]
    with use_context(stage.stores[0]), unit_of_work() as session, pytest.raises(Conflict, match="is done"):
        deliveries.retry(session, delivery)


def test_delivery_that_kills_its_worker_each_time_is_dead_in_the_end(
    stage: Stage, relay: Relay, handle: Handle
) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    stage.sql("UPDATE core.event_delivery SET attempts = %s", deliveries.MAX_ATTEMPTS)
    handle(sent_for(stage, "sample.ledger")[0])
    (row,) = stage.deliveries("sample.ledger")
    assert (row["status"], row["error"]) == ("dead", "RuntimeError: each attempt killed its worker")


def test_later_event_of_an_aggregate_waits_for_the_earlier(stage: Stage, relay: Relay, handle: Handle) -> None:
    counter = new_id()
    events = [Counted(counter=counter, number=number, mood="raise" if number == 1 else "") for number in (1, 2, 3)]
    published(*events, Counted(counter=new_id(), number=99), context=stage.stores[0])
    relay.step()
    for delivery in [row["id"] for row in reversed(stage.deliveries("sample.ledger"))]:
        handle(delivery)
    assert stage.effects() == ["ledger 99"]
    assert statuses(stage, "sample.ledger") == ["failed", "pending", "pending", "done"]
    stage.sign("healed")
    stage.let_time_pass()
    stage.tasks.delivered.clear()
    stage.sql("UPDATE core.event_delivery SET sent_at = NULL")
    relay.step()
    (first,) = sent_for(stage, "sample.ledger")
    handle(first)
    assert stage.effects() == ["ledger 99", "ledger 1", "ledger 2", "ledger 3"]


def test_dead_delivery_holds_up_nobody(stage: Stage, relay: Relay, handle: Handle) -> None:
    counter = new_id()
    published(
        Counted(counter=counter, number=1, mood="raise"), Counted(counter=counter, number=2), context=stage.stores[0]
    )
    relay.step()
    (first,) = sent_for(stage, "sample.ledger")
    stage.sql("UPDATE core.event_delivery SET attempts = %s", deliveries.MAX_ATTEMPTS - 1)
    handle(first)
    relay.step()
    handle(sent_for(stage, "sample.ledger")[0])
    assert (statuses(stage, "sample.ledger"), stage.effects()) == (["dead", "done"], ["ledger 2"])


def test_event_waits_for_an_earlier_one_that_another_relay_still_holds(
    stage: Stage, relay: Relay, handle: Handle
) -> None:
    counter = new_id()
    for number in (1, 2):
        published(Counted(counter=counter, number=number), context=stage.stores[0])
    other = stage.connect()
    other.execute("SELECT 1 FROM core.outbox_event ORDER BY position LIMIT 1 FOR UPDATE")
    relay.step()
    (second,) = stage.deliveries("sample.ledger")
    assert sent_for(stage, "sample.ledger") == []
    handle(second["id"])
    assert stage.effects() == []
    other.rollback()
    relay.step()
    handle(sent_for(stage, "sample.ledger")[0])
    assert stage.effects() == ["ledger 1", "ledger 2"]


def test_delivery_to_a_subscriber_that_was_removed_rests(stage: Stage, relay: Relay) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    stage.tasks.delivered.clear()
    stage.sql("UPDATE core.event_delivery SET sent_at = NULL")
    Relay(replace(stage.runtime, assembly=SampleAssembly(subscribers=())), stage.tasks).step()
    assert stage.tasks.delivered == []
    assert statuses(stage, "sample.ledger") == ["pending"]
    relay.step()
    assert len(sent_for(stage, "sample.ledger")) == 1


def test_same_message_twice_has_one_effect(stage: Stage, relay: Relay, handle: Handle) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    (delivery,) = sent_for(stage, "sample.ledger")
    handle(delivery)
    handle(delivery)
    assert stage.effects() == ["ledger 1"]
    assert stage.deliveries("sample.ledger")[0]["attempts"] == 1


def test_deliveries_that_were_not_begun_in_time_are_given_back(
    stage: Stage, relay: Relay, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    with monkeypatch.context() as patched:
        patched.setattr(delivery_module, "BEGIN_SECONDS", 0)
        handle(sent_for(stage, "sample.ledger")[0])
    (row,) = stage.deliveries("sample.ledger")
    assert (row["status"], row["attempts"], row["sent_at"]) == ("pending", 0, None)
    relay.step()
    handle(sent_for(stage, "sample.ledger")[0])
    assert stage.effects() == ["ledger 1"]


def test_handler_whose_claim_was_taken_over_has_no_effect(stage: Stage, relay: Relay) -> None:
    published(Counted(counter=new_id(), number=1), context=stage.stores[0])
    relay.step()
    (delivery,) = sent_for(stage, "sample.ledger")
    with platform_scope("test") as session:
        (claimed,) = deliveries.claim(session, [delivery])
    with platform_scope("test") as session:
        assert deliveries.claim(session, [delivery]) == [], "the lease still runs"
    stage.let_time_pass()
    with platform_scope("test") as session:
        assert deliveries.claim(session, [delivery])
    with platform_scope("test") as session:
        assert deliveries.mark_done(session, claimed) == (False, None)
        assert deliveries.fail(session, claimed, "too late") is None
