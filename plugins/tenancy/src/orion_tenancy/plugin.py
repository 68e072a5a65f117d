"""Table of contents of the tenancy module."""

from typing import TYPE_CHECKING, Any

from orion_core import (
    Area,
    Kept,
    MenuItem,
    ModuleDefinition,
    Permission,
    RouteSet,
    ScheduledTask,
    Slot,
    TaskSet,
    Tier,
    hookimpl,
)

if TYPE_CHECKING:
    from typer import Typer

definition = ModuleDefinition(
    name="tenancy",
    title="Tenancy",
    tier=Tier.CORE,
    summary="Platforms, merchants, stores, staff users and their permissions.",
    requires=("core",),
)

EVERYONE = frozenset({"staff", "support", "viewer", "marketing"})


@hookimpl
def orion_models() -> Any:
    from orion_tenancy.models import Base

    return Base


@hookimpl
def orion_settings() -> Any:
    from orion_tenancy.config import TenancyConfig

    return TenancyConfig


@hookimpl
def orion_tenants() -> Any:
    from orion_tenancy.services.directory import Directory

    return Directory()


@hookimpl
def orion_authenticators() -> list[Any]:
    from orion_tenancy.services.authenticator import StaffAuthenticator

    return [StaffAuthenticator()]


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_tenancy.routes import all_routes

    return all_routes()


@hookimpl
def orion_tasks() -> TaskSet:
    return TaskSet(
        packages=("orion_tenancy.tasks",),
        schedule=(
            ScheduledTask(task="tenancy.expire_invitations", cron="10 2 * * *", per_platform=False),
            ScheduledTask(task="tenancy.forget_sessions", cron="20 2 * * *", per_platform=False),
        ),
    )


@hookimpl
def orion_commands() -> "Typer":
    from orion_tenancy.commands import app

    return app


@hookimpl
def orion_demo(session: Any, world: Any) -> None:
    from orion_tenancy.demo.plant import plant

    plant(session, world)


@hookimpl
def orion_kept() -> list[Kept]:
    from orion_tenancy.models import ModuleSwitch, Role

    return [
        Kept(title="module switches", column=ModuleSwitch.module_name),
        Kept(title="permissions in roles", column=Role.permissions),
    ]


@hookimpl
def orion_neutralize(session: Any, keep: frozenset[str]) -> dict[str, int]:
    from orion_tenancy.services.neutralize import neutralize

    return neutralize(session, keep)


@hookimpl
def orion_permissions() -> list[Permission]:
    admin, store = Area.ADMIN, Area.STORE
    return [
        Permission(code="tenancy.manage_platforms", title="Manage platforms", area=admin),
        Permission(code="tenancy.manage_modules", title="Switch modules on and off", area=admin),
        Permission(code="tenancy.manage_merchants", title="Manage merchants", area=admin),
        Permission(code="tenancy.manage_stores", title="Manage stores", area=admin),
        Permission(code="tenancy.manage_users", title="Manage users", area=admin),
        Permission(code="tenancy.view_stores", title="See the merchant's stores", area=Area.MERCHANT),
        Permission(code="tenancy.view_team", title="See the team", area=store, presets=EVERYONE),
        Permission(code="tenancy.manage_team", title="Invite, change and remove members", area=store),
        Permission(code="tenancy.manage_roles", title="Manage roles", area=store),
    ]


@hookimpl
def orion_slots() -> list[Slot]:
    return [
        Slot(place="staff.user", template="tenancy/slots/user.html"),
        Slot(place="public.header", template="tenancy/slots/sign_in.html"),
    ]


@hookimpl
def orion_menus() -> list[MenuItem]:
    from orion_tenancy.menus import menus

    return menus()
