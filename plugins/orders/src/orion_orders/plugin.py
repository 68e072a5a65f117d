"""Table of contents of the orders module."""

from typing import Any

from orion_core import (
    MenuItem,
    ModuleDefinition,
    Permission,
    RouteSet,
    ScheduledTask,
    Slot,
    StateMachine,
    Subscriber,
    TaskSet,
    Tier,
    hookimpl,
)

definition = ModuleDefinition(
    name="orders",
    title="Orders",
    tier=Tier.OPTIONAL,
    summary="Carts, checkout, promotions, orders, fulfilments, returns, withdrawals and invoices.",
    requires=("core", "tenancy", "catalog", "customers"),
)


@hookimpl
def orion_hookspecs() -> list[Any]:
    from orion_orders import hookspecs

    return [hookspecs]


@hookimpl
def orion_models() -> Any:
    from orion_orders.models import Base

    return Base


@hookimpl
def orion_settings() -> Any:
    from orion_orders.config import OrdersConfig

    return OrdersConfig


@hookimpl
def orion_state_machines() -> list[StateMachine]:
    from orion_orders.machines import ALL

    return list(ALL)


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_orders.routes import all_routes

    return all_routes()


@hookimpl
def orion_subscribers() -> list[Subscriber]:
    from orion_orders.subscribers import all_subscribers

    return all_subscribers()


@hookimpl
def orion_tasks() -> TaskSet:
    return TaskSet(
        packages=("orion_orders.tasks",),
        schedule=(
            ScheduledTask(task="orders.expire_unpaid", cron="10 * * * *", per_platform=False),
            ScheduledTask(task="orders.complete_settled", cron="40 2 * * *", per_platform=False),
            ScheduledTask(task="orders.issue_waiting", cron="20 4 * * *", per_platform=False),
            ScheduledTask(task="orders.prove_invoices", cron="45 3 * * *", per_platform=False),
            ScheduledTask(task="orders.abandon_carts", cron="50 2 * * *", per_platform=False),
        ),
    )


@hookimpl
def orion_demo(session: Any, world: Any) -> None:
    from orion_orders.demo import plant

    plant(session, world)


@hookimpl
def orion_permissions() -> list[Permission]:
    from orion_orders.menus import permissions

    return permissions()


@hookimpl
def orion_menus() -> list[MenuItem]:
    from orion_orders.menus import menus

    return menus()


@hookimpl
def orion_slots() -> list[Slot]:
    from orion_orders.slots import slots

    return slots()


@hookimpl
def orion_commands() -> Any:
    from orion_orders.commands import app

    return app


@hookimpl
def customers_export(session: Any, customer_id: Any, email: str) -> dict[str, Any]:
    from orion_orders.services.people import export_person

    return export_person(session, customer_id, email)


@hookimpl
def customers_erase(session: Any, customer_id: Any, email: str) -> dict[str, int]:
    from orion_orders.services.people import erase_person

    return erase_person(session, customer_id, email)
