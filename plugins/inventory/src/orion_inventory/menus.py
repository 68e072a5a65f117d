"""What people see of inventory: links, permissions, figures on the dashboard."""

from orion_core import Area, MenuItem, Permission, Slot
from orion_inventory.services.lists import figures

VIEW = "inventory.view_stock"


def permissions() -> list[Permission]:
    """Return the rights that roles grant."""
    return [
        Permission(
            code=VIEW,
            title="See stock and its history",
            presets=frozenset({"staff", "support", "viewer", "marketing"}),
        ),
        Permission(
            code="inventory.adjust_stock",
            title="Receive, move and correct stock",
            presets=frozenset({"staff"}),
        ),
        Permission(code="inventory.count_stock", title="Count stock", presets=frozenset({"staff"})),
        Permission(code="inventory.manage_locations", title="Create and change stock locations"),
        Permission(code="inventory.view_mismatches", title="See stock mismatches of all stores", area=Area.ADMIN),
    ]


def menus() -> list[MenuItem]:
    """Return the links of the store and admin areas."""
    rows = [
        ("stock", "Stock", "/inventory", "packages"),
        ("transfers", "Transfers", "/inventory/transfers", "transfer"),
        ("stocktakes", "Stocktakes", "/inventory/stocktakes", "clipboard-check"),
        ("locations", "Locations", "/inventory/locations", "building-warehouse"),
    ]
    links = [
        MenuItem(
            id=f"inventory.{name}",
            area=Area.STORE,
            section="Stock",
            label=label,
            route=route,
            icon=icon,
            order=300 + number,
            permission=VIEW,
        )
        for number, (name, label, route, icon) in enumerate(rows)
    ]
    proof = MenuItem(
        id="inventory.mismatches",
        area=Area.ADMIN,
        section="Stock",
        label="Stock ledger",
        route="/inventory",
        icon="scale",
        order=300,
        permission="inventory.view_mismatches",
    )
    return [*links, proof]


def slots() -> list[Slot]:
    """Return what the store's dashboard shows."""
    return [
        Slot(
            place="store.dashboard.stats",
            template="inventory/slots/stats.html",
            context=figures,
            order=300,
            permission=VIEW,
        ),
        Slot(
            place="store.dashboard.main",
            template="inventory/slots/low_stock.html",
            context=figures,
            order=300,
            permission=VIEW,
        ),
    ]
