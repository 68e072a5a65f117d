"""The fixtures authors get: roles, events delivered here and now, runs worked off, time that can be moved."""

from datetime import UTC, datetime, timedelta

import pytest

from orion_catalog.tasks import ImportArgs, import_feed, reindex
from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_core.tasks import enqueue
from orion_core.testing import Clock, Market, Outbox, Worker


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("admin", "/admin/stores", 200),
        ("owner", "/merchants/{merchant}/", 200),
        ("other_owner", "/stores/{store}/", 403),
        ("manager", "/stores/{store}/team/roles", 200),
        ("viewer", "/stores/{store}/team/roles", 403),
        ("", "/shop/{store}/", 200),
        ("", "/stores/{store}/", 303),
    ],
)
def test_a_client_is_signed_in_with_its_role(market: Market, role: str, page: str, status: int) -> None:
    tenant = market.mine.tenant
    assert tenant is not None
    assert tenant.merchant is not None
    path = page.format(store=market.mine.store.code, merchant=tenant.merchant.code)
    assert market.client(role).get(path, headers={"Accept": "text/html"}).status_code == status


def test_a_role_nobody_has_is_named(market: Market) -> None:
    with pytest.raises(LookupError, match="nobody here is 'boss'; there are admin"):
        market.client("boss")


def test_the_two_stores_are_of_different_merchants(market: Market) -> None:
    assert market.mine.merchant_id != market.other.merchant_id


def test_published_events_are_delivered_once(market: Market, outbox: Outbox) -> None:
    assert {event["code"] for event in outbox.published("tenancy.store_created.v1")} >= {market.mine.store.code}
    outbox.deliver()
    assert outbox.deliver() == 0


def test_a_run_leaves_its_result_and_a_failing_one_fails_the_test(market: Market, worker: Worker) -> None:
    with use_context(market.mine):
        worker.run(reindex)
        with pytest.raises(AssertionError, match=r"catalog.import_feed is .*ImportNotFound"):
            worker.run(import_feed, ImportArgs(import_id=new_id()))


def test_what_was_queued_is_worked_off_in_order(market: Market, worker: Worker) -> None:
    with use_context(market.mine), unit_of_work() as session:
        enqueue(session, reindex)
        enqueue(session, reindex)
    assert worker.run_all() == ["catalog.reindex", "catalog.reindex"]
    assert worker.run_all() == []


def test_the_clock_is_moved_and_goes_on(clock: Clock) -> None:
    before = clock.now()
    clock.advance(timedelta(days=3))
    assert datetime.now(UTC) - before >= timedelta(days=3)
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    clock.move_to(moment)
    assert timedelta() <= datetime.now(UTC) - moment < timedelta(minutes=1)
