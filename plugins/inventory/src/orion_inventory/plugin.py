"""Table of contents of the inventory module."""

from typing import TYPE_CHECKING, Any

from orion_core import (
    MenuItem,
    ModuleDefinition,
    Permission,
    RouteSet,
    ScheduledTask,
    Slot,
    StateMachine,
    TaskSet,
    Tier,
    hookimpl,
)

if TYPE_CHECKING:
    from typer import Typer

definition = ModuleDefinition(
    name="inventory",
    title="Inventory",
    tier=Tier.OPTIONAL,
    summary="Stock by location, reservations that expire, a typed ledger, transfers and stocktakes.",
    requires=("core", "tenancy", "catalog"),
)


@hookimpl
def orion_models() -> Any:
    from orion_inventory.models import Base

    return Base


@hookimpl
def orion_settings() -> Any:
    from orion_inventory.config import InventoryConfig

    return InventoryConfig


@hookimpl
def orion_state_machines() -> list[StateMachine]:
    from orion_inventory.machines import STOCKTAKE, TRANSFER

    return [TRANSFER, STOCKTAKE]


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_inventory.routes import all_routes

    return all_routes()


@hookimpl
def orion_tasks() -> TaskSet:
    return TaskSet(
        packages=("orion_inventory.tasks",),
        schedule=(
            ScheduledTask(task="inventory.sweep_reservations", cron="* * * * *", per_platform=False),
            ScheduledTask(task="inventory.prove_ledger", cron="30 3 * * *", per_platform=False),
        ),
    )


@hookimpl
def orion_commands() -> "Typer":
    from orion_inventory.commands import app

    return app


@hookimpl
def orion_demo(session: Any, world: Any) -> None:
    from orion_inventory.demo.plant import plant

    plant(session, world)


@hookimpl
def orion_permissions() -> list[Permission]:
    from orion_inventory.menus import permissions

    return permissions()


@hookimpl
def orion_menus() -> list[MenuItem]:
    from orion_inventory.menus import menus

    return menus()


@hookimpl
def orion_slots() -> list[Slot]:
    from orion_inventory.menus import slots

    return slots()


@hookimpl(optionalhook=True)
def orders_available(session: Any, variant_ids: Any, cart_id: Any) -> Any:
    from orion_inventory.services import demand as stock

    return stock.available(session, variant_ids, cart_id)


@hookimpl(optionalhook=True)
def orders_hold(session: Any, cart_id: Any, demand: Any, until: Any) -> Any:
    from orion_inventory.services import demand as stock

    return stock.hold(session, cart_id, demand, until)


@hookimpl(optionalhook=True)
def orders_lock(session: Any, variant_ids: Any) -> None:
    from orion_inventory.services import ledger

    ledger.lock(session, variant_ids)


@hookimpl(optionalhook=True)
def orders_allocate(session: Any, order_id: Any, cart_id: Any, demand: Any) -> Any:
    from orion_inventory.services import demand as stock

    return stock.allocate(session, order_id, cart_id, demand)


@hookimpl(optionalhook=True)
def orders_release(session: Any, order_id: Any, demand: Any) -> None:
    from orion_inventory.services import demand as stock

    stock.release(session, order_id, demand)


@hookimpl(optionalhook=True)
def orders_ship(session: Any, order_id: Any, fulfilment_id: Any, demand: Any) -> None:
    from orion_inventory.services import demand as stock

    stock.ship(session, order_id, fulfilment_id, demand)


@hookimpl(optionalhook=True)
def orders_take_back(session: Any, order_id: Any, return_id: Any, goods: Any) -> None:
    from orion_inventory.services import demand as stock

    stock.take_back(session, order_id, return_id, goods)
