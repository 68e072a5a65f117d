"""The core module: settings, menus, audit trail, task runs, outbox, number series, API keys, mail, files."""

from typing import TYPE_CHECKING, Any

from orion_core import (
    Area,
    HealthCheck,
    Kept,
    MenuItem,
    ModuleDefinition,
    Permission,
    RouteSet,
    ScheduledTask,
    StateMachine,
    TaskSet,
    Tier,
    hookimpl,
)

if TYPE_CHECKING:
    from typer import Typer

definition = ModuleDefinition(
    name="core",
    title="Core",
    tier=Tier.CORE,
    summary="Settings, audit trail, background work and what every module builds on.",
)


@hookimpl
def orion_models() -> Any:
    from orion_core.models import Base

    return Base


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_core.routes import all_routes

    return all_routes()


@hookimpl
def orion_permissions() -> list[Permission]:
    return [
        Permission(code="core.view_background", title="See work in the background", area=Area.ADMIN),
        Permission(code="core.manage_background", title="Steer work in the background", area=Area.ADMIN),
        Permission(code="core.view_all_mail", title="See the mail of all stores", area=Area.ADMIN),
        Permission(code="core.manage_mail", title="Send mail again", area=Area.ADMIN),
        Permission(code="core.view_mail", title="See the mail the store sent"),
    ]


@hookimpl
def orion_menus() -> list[MenuItem]:
    return [
        MenuItem(
            id="core.background",
            area=Area.ADMIN,
            section="Operation",
            label="Background work",
            route="/background",
            icon="activity",
            order=900,
            permission="core.view_background",
        ),
        MenuItem(
            id="core.all_mail",
            area=Area.ADMIN,
            section="Operation",
            label="Mail",
            route="/mail",
            icon="mail",
            order=910,
            permission="core.view_all_mail",
        ),
        MenuItem(
            id="core.mail",
            area=Area.STORE,
            section="Operation",
            label="Mail",
            route="/mail",
            icon="mail",
            order=910,
            permission="core.view_mail",
        ),
    ]


@hookimpl
def orion_tasks() -> TaskSet:
    nightly = ScheduledTask(task="core.forget_old_records", cron="40 2 * * *", per_platform=False)
    return TaskSet(packages=("orion_core.upkeep", "orion_core.posting"), schedule=(nightly,))


@hookimpl
def orion_state_machines() -> list[StateMachine]:
    from orion_core.services.mails import MACHINE

    return [MACHINE]


@hookimpl
def orion_demo(session: Any, world: Any) -> None:  # noqa: ARG001  it needs no data
    world.setdefault("places", []).append(("Mail (caught, never sent)", "/admin/mail"))


@hookimpl
def orion_commands() -> "Typer":
    from orion_core.tax.command import app

    return app


@hookimpl
def orion_health() -> list[HealthCheck]:
    from orion_core.services.health import check_database

    return [HealthCheck(name="database", check=check_database)]


@hookimpl
def orion_kept() -> list[Kept]:
    from orion_core.services.kept import kept

    return kept()


@hookimpl
def orion_neutralize(session: Any) -> dict[str, int]:
    from orion_core.services.neutralize import neutralize

    return neutralize(session)
