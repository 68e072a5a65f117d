"""Table of contents of the customers module."""

from typing import TYPE_CHECKING, Any

from orion_core import (
    Area,
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
    name="customers",
    title="Customers",
    tier=Tier.CORE,
    summary="A store's customers: accounts, addresses, groups, consents, wishlist, export and erasure.",
    requires=("core", "tenancy", "catalog"),
)


@hookimpl
def orion_hookspecs() -> list[Any]:
    from orion_customers import hookspecs

    return [hookspecs]


@hookimpl
def orion_models() -> Any:
    from orion_customers.models import Base

    return Base


@hookimpl
def orion_settings() -> Any:
    from orion_customers.config import CustomersConfig

    return CustomersConfig


@hookimpl
def orion_authenticators() -> list[Any]:
    from orion_customers.services.authenticator import CustomerAuthenticator

    return [CustomerAuthenticator()]


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_customers.routes import all_routes

    return all_routes()


@hookimpl
def orion_tasks() -> TaskSet:
    return TaskSet(
        packages=("orion_customers.tasks",),
        schedule=(
            ScheduledTask(task="customers.forget_tokens", cron="15 2 * * *", per_platform=False),
            ScheduledTask(task="customers.erase_due", cron="25 2 * * *", per_platform=False),
            ScheduledTask(task="customers.check_due_numbers", cron="35 3 * * *", per_platform=False),
        ),
    )


@hookimpl
def orion_state_machines() -> list[StateMachine]:
    from orion_customers.machines import DATA_REQUEST

    return [DATA_REQUEST]


@hookimpl
def orion_commands() -> "Typer":
    from orion_customers.commands import app

    return app


@hookimpl
def orion_demo(session: Any, world: Any) -> None:
    from orion_customers.demo import plant

    plant(session, world)


@hookimpl
def orion_neutralize(session: Any, keep: frozenset[str]) -> dict[str, int]:
    from orion_customers.services.neutralize import neutralize

    return neutralize(session, keep)


@hookimpl
def orion_permissions() -> list[Permission]:
    readers = frozenset({"staff", "support", "viewer"})
    return [
        Permission(code="customers.view_customers", title="See customers", presets=readers),
        Permission(
            code="customers.edit_customers",
            title="Change, block and group customers",
            presets=frozenset({"staff", "support"}),
        ),
        Permission(code="customers.erase_customers", title="Hand out and erase customers' data"),
        Permission(code="customers.view_all_customers", title="See customers of all stores", area=Area.ADMIN),
    ]


@hookimpl
def orion_menus() -> list[MenuItem]:
    return [
        MenuItem(
            id="customers.customers",
            area=Area.STORE,
            section="Customers",
            label="Customers",
            route="/customers",
            icon="users",
            order=400,
            permission="customers.view_customers",
        ),
        MenuItem(
            id="customers.search",
            area=Area.ADMIN,
            section="People and shops",
            label="Customers",
            route="/customers",
            icon="address-book",
            order=14,
            permission="customers.view_all_customers",
        ),
    ]


@hookimpl
def orion_slots() -> list[Slot]:
    from orion_customers.services.customers import figures

    return [
        Slot(place="shop.header", template="customers/slots/account.html", order=50),
        Slot(place="shop.product.details", template="customers/slots/wish.html", order=50),
        Slot(
            place="store.dashboard.stats",
            template="customers/slots/stats.html",
            context=figures,
            permission="customers.view_customers",
        ),
    ]
