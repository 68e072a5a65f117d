"""Background work: unpaid orders expire, settled ones are completed, forgotten carts are given up."""

from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from orion_core.db import platform_scope, unit_of_work
from orion_core.stores import at_store
from orion_core.tasks import RunningTask, task
from orion_orders.services import upkeep
from orion_orders.services.issuing import issue_or_wait
from orion_orders.services.register import prove_all, waiting_ids

log = structlog.get_logger()


@task("orders.expire_unpaid", queue="scheduled", title="Let unpaid orders expire", exclusive=True)
def expire_unpaid(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    _move_due("pending", upkeep.due_to_expire, "expired")


@task("orders.complete_settled", queue="scheduled", title="Complete settled orders", exclusive=True)
def complete_settled(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    _move_due("confirmed", upkeep.due_to_complete, "completed")


@task("orders.prove_invoices", queue="scheduled", title="Prove the series of invoices", exclusive=True, time_limit=1800)
def prove_invoices(session: Session) -> None:
    for series, findings in prove_all(session).items():
        for finding in findings:
            log.error("invoice_series_broken", series=series, finding=finding)


@task("orders.issue_waiting", queue="scheduled", title="Issue invoices that wait", exclusive=True)
def issue_waiting(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    with platform_scope("find stores with orders to invoice") as session:
        stores = upkeep.stores_with_own_orders(session)
    for store_id in stores:
        with at_store(store_id, "orders") as takes_part:
            if takes_part:
                _issue_here()


@task("orders.issue_in_store", title="Issue a store's invoices that wait")
def issue_in_store(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    _issue_here()


def _issue_here() -> None:
    """Issue what waits in the current store, each order in a transaction of its own: two could lock one another."""
    with unit_of_work() as session:
        waiting = waiting_ids(session)
    for order_id in waiting:
        with unit_of_work() as session:
            issue_or_wait(session, order_id)


@task("orders.abandon_carts", queue="scheduled", title="Give up forgotten carts", exclusive=True)
def abandon_carts(run: RunningTask) -> None:  # noqa: ARG001  opens its units of work itself
    with platform_scope("find stores with forgotten carts") as session:
        stores = upkeep.stores_with_active_carts(session)
    for store_id in stores:
        with at_store(store_id, "orders") as takes_part:
            if takes_part:
                with unit_of_work() as session:
                    upkeep.abandon_carts(session)


def _move_due(status: str, due: Callable[[Session], list[UUID]], target: str) -> None:
    """Move what is due from store to store, each order in a transaction of its own."""
    with platform_scope("find stores with orders that may be due") as session:
        stores = upkeep.stores_with(session, status)
    for store_id in stores:
        with at_store(store_id, "orders") as takes_part:
            if not takes_part:
                continue
            with unit_of_work() as session:
                orders = due(session)
            for order_id in orders:
                with unit_of_work() as session:
                    upkeep.move_if_possible(session, order_id, target)
