"""Table of contents of the catalog module."""

from typing import TYPE_CHECKING, Any

from orion_core import Area, MenuItem, ModuleDefinition, Permission, RouteSet, Slot, TaskSet, Tier, hookimpl

if TYPE_CHECKING:
    from typer import Typer

definition = ModuleDefinition(
    name="catalog",
    title="Catalogue",
    tier=Tier.CORE,
    summary="Products, variants, prices, categories, search and the product feed import.",
    requires=("core", "tenancy"),
)


@hookimpl
def orion_models() -> Any:
    from orion_catalog.models import Base

    return Base


@hookimpl
def orion_settings() -> Any:
    from orion_catalog.config import CatalogConfig

    return CatalogConfig


@hookimpl
def orion_routes() -> list[RouteSet]:
    from orion_catalog.routes import all_routes

    return all_routes()


@hookimpl
def orion_tasks() -> TaskSet:
    return TaskSet(packages=("orion_catalog.tasks",))


@hookimpl
def orion_commands() -> "Typer":
    from orion_catalog.commands import app

    return app


@hookimpl
def orion_demo(session: Any, world: Any) -> None:
    from orion_catalog.demo.plant import plant

    plant(session, world)


@hookimpl
def orion_permissions() -> list[Permission]:
    everyone = frozenset({"staff", "support", "viewer", "marketing"})
    return [
        Permission(code="catalog.view_products", title="See products and imports", presets=everyone),
        Permission(
            code="catalog.edit_products",
            title="Create and change products and prices",
            presets=frozenset({"staff", "marketing"}),
        ),
        Permission(
            code="catalog.manage_categories",
            title="Create, change and remove categories",
            presets=frozenset({"staff", "marketing"}),
        ),
        Permission(code="catalog.import_products", title="Import product feeds", presets=frozenset({"staff"})),
    ]


@hookimpl
def orion_menus() -> list[MenuItem]:
    rows = [
        ("products", "Products", "/products", "package", "catalog.view_products"),
        ("categories", "Categories", "/categories", "category", "catalog.view_products"),
        ("imports", "Import", "/imports", "file-import", "catalog.import_products"),
    ]
    return [
        MenuItem(
            id=f"catalog.{name}",
            area=Area.STORE,
            section="Catalogue",
            label=label,
            route=route,
            icon=icon,
            order=200 + number,
            permission=permission,
        )
        for number, (name, label, route, icon, permission) in enumerate(rows)
    ]


@hookimpl
def orion_slots() -> list[Slot]:
    from orion_catalog.services.staff_lists import figures

    permission = "catalog.view_products"
    return [
        Slot(
            place="store.dashboard.stats",
            template="catalog/slots/stats.html",
            context=figures,
            permission=permission,
        ),
        Slot(
            place="store.dashboard.main",
            template="catalog/slots/last_import.html",
            context=figures,
            permission=permission,
        ),
    ]
