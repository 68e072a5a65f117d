"""Replay: a subscriber gets what it has not had, once, and never after a later event of the same record."""

import time

import pytest

from orion_core.errors import NotFound
from orion_core.ids import new_id
from orion_core.services import deliveries
from orion_core.services.replay import HOLD, Replayed, replay
from tests.core.background.published import count, deliver_all, everywhere, handled, relay
from tests.host.background.stage import Stage


def replayed(*, again: bool = False) -> tuple[int, int, int]:
    with everywhere() as session:
        done: Replayed = replay(session, "sample.ledger", again=again)
    return done.made, done.renewed, done.overtaken


def test_a_subscriber_installed_later_gets_events_on_record_in_order(stage: Stage) -> None:
    first, second = new_id(), new_id()
    for number in range(5):
        count(first, number, context=stage.stores[0])
        count(second, 10 + number, context=stage.stores[1])
    relay("sample.mirror")
    assert replayed() == (10, 0, 0)
    deliver_all(stage)
    numbers = handled(stage, "ledger")
    assert [number for number in numbers if number < 10] == [0, 1, 2, 3, 4]
    assert [number for number in numbers if number >= 10] == [10, 11, 12, 13, 14]


def test_a_second_replay_delivers_nothing_twice(stage: Stage) -> None:
    count(new_id(), 1, 2, context=stage.stores[0])
    relay()
    assert replayed() == (2, 0, 0)
    assert replayed() == (0, 0, 0)
    deliver_all(stage)
    assert replayed() == (0, 0, 0)
    deliver_all(stage)
    assert handled(stage, "ledger") == [1, 2]


def test_what_waits_goes_after_what_is_replayed(stage: Stage) -> None:
    counter = new_id()
    count(counter, 1, 2, context=stage.stores[0])
    relay()
    count(counter, 3, context=stage.stores[0])
    relay("sample.ledger")
    assert replayed() == (2, 0, 0)
    deliver_all(stage)
    time.sleep(HOLD.total_seconds())
    deliver_all(stage)
    assert handled(stage, "ledger") == [1, 2, 3]


def test_an_attempt_that_began_before_the_replay_has_no_effect(stage: Stage) -> None:
    counter = new_id()
    count(counter, 1, context=stage.stores[0])
    relay()
    count(counter, 2, context=stage.stores[0])
    relay("sample.ledger")
    with everywhere() as session:
        (claimed,) = deliveries.claim(session, [row["id"] for row in stage.deliveries("sample.ledger")])
    assert replayed() == (1, 0, 0)
    with everywhere() as session:
        assert deliveries.mark_done(session, claimed) == (False, None)


def test_a_worker_that_looked_before_the_replay_takes_nothing_held_back(stage: Stage) -> None:
    counter = new_id()
    count(counter, 1, context=stage.stores[0])
    relay()
    count(counter, 2, context=stage.stores[0])
    relay("sample.ledger")
    (waiting,) = stage.deliveries("sample.ledger")
    with everywhere() as session:
        replay(session, "sample.ledger")
        with everywhere() as worker:
            assert deliveries.claim(worker, [waiting["id"]]) == [], "it is locked"
    with everywhere() as session:
        assert deliveries.claim(session, [waiting["id"]]) == [], "an earlier one is open"


def test_an_event_overtaken_by_a_later_one_is_left_out(stage: Stage) -> None:
    counter, other = new_id(), new_id()
    count(counter, 1, context=stage.stores[0])
    count(other, 5, context=stage.stores[0])
    relay()
    count(counter, 2, context=stage.stores[0])
    relay("sample.ledger")
    deliver_all(stage)
    assert replayed() == (1, 0, 1)
    deliver_all(stage)
    assert handled(stage, "ledger") == [2, 5]


def test_again_delivers_everything_in_order_also_what_was_overtaken(stage: Stage) -> None:
    counter = new_id()
    count(counter, 1, context=stage.stores[0])
    relay()
    count(counter, 2, 3, context=stage.stores[0])
    relay("sample.ledger")
    deliver_all(stage)
    stage.sql(
        "UPDATE core.event_delivery SET status = 'dead' WHERE id = %s", stage.deliveries("sample.ledger")[-1]["id"]
    )
    assert replayed(again=True) == (1, 2, 0)
    deliver_all(stage)
    assert handled(stage, "ledger") == [2, 3, 1, 2, 3]
    assert {row["status"] for row in stage.deliveries("sample.ledger")} == {"done"}


def test_only_events_since_a_moment_are_replayed(stage: Stage) -> None:
    count(new_id(), 1, context=stage.stores[0])
    relay()
    moment = stage.sql("SELECT clock_timestamp() AS now")[0]["now"]
    count(new_id(), 2, context=stage.stores[0])
    relay()
    with everywhere() as session:
        assert replay(session, "sample.ledger", since=moment).made == 1
    deliver_all(stage)
    assert handled(stage, "ledger") == [2]


def test_events_of_a_platform_where_the_module_is_off_wait_until_it_is_on(stage: Stage) -> None:
    count(new_id(), 1, context=stage.stores[0])
    relay()
    stage.sql("UPDATE sample.platform SET off = '{sample}'")
    assert replayed(again=True) == (0, 0, 0)
    stage.sql("UPDATE sample.platform SET off = '{}'")
    assert replayed() == (1, 0, 0)


def test_events_not_relayed_yet_are_left_to_the_relay(stage: Stage) -> None:
    count(new_id(), 1, context=stage.stores[0])
    assert replayed() == (0, 0, 0)
    relay("sample.ledger")
    assert len(stage.deliveries("sample.ledger")) == 1


def test_more_events_than_one_batch_are_replayed(stage: Stage) -> None:
    stage.sql(
        "INSERT INTO core.outbox_event (id, type, aggregate_id, payload, relayed_at, request_id, platform_id)"
        " SELECT gen_random_uuid(), 'sample.counted.v1', gen_random_uuid(), '{}', now(), '', %s"
        " FROM generate_series(1, 1200)",
        stage.platform.id,
    )
    assert replayed() == (1200, 0, 0)
    assert len(stage.deliveries("sample.ledger")) == 1200


def test_an_unknown_subscriber_is_refused_with_what_was_meant(stage: Stage) -> None:
    with pytest.raises(NotFound, match=r"did you mean sample\.ledger\?"), everywhere() as session:
        replay(session, "sample.ledgers")
