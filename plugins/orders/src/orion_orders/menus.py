"""What people see of orders in the staff areas: links and permissions."""

from orion_core import Area, MenuItem, Permission

VIEW = "orders.view_orders"
OFFERS = "orders.manage_offers"
READERS = frozenset({"staff", "support", "viewer", "marketing"})
WORKERS = frozenset({"staff", "support"})


def permissions() -> list[Permission]:
    """Return the rights that roles grant."""
    return [
        Permission(code=VIEW, title="See orders", presets=READERS),
        Permission(code="orders.edit_orders", title="Work on orders", presets=WORKERS),
        Permission(code="orders.cancel_orders", title="Cancel orders", presets=WORKERS),
        Permission(code=OFFERS, title="Manage promotions and delivery", presets=frozenset({"marketing"})),
        Permission(code="orders.view_invoices", title="See invoices", presets=READERS),
        Permission(code="orders.manage_seller", title="Say who sells"),
        Permission(code="orders.view_all_orders", title="See orders of all stores", area=Area.ADMIN),
    ]


def menus() -> list[MenuItem]:
    """Return the links of the store and admin areas."""
    rows = [
        ("orders", "Orders", "/orders", "shopping-cart", VIEW),
        ("fulfilment", "To ship", "/fulfilment", "truck-delivery", VIEW),
        ("returns", "Returns", "/returns", "arrow-back-up", VIEW),
        ("invoices", "Invoices", "/invoices", "file-invoice", "orders.view_invoices"),
        ("promotions", "Promotions", "/promotions", "discount", VIEW),
        ("deliveries", "Ways of delivery", "/deliveries", "truck", VIEW),
    ]
    links = [
        MenuItem(
            id=f"orders.{name}",
            area=Area.STORE,
            section="Sales",
            label=label,
            route=route,
            icon=icon,
            order=100 + number,
            permission=permission,
        )
        for number, (name, label, route, icon, permission) in enumerate(rows)
    ]
    search = MenuItem(
        id="orders.search",
        area=Area.ADMIN,
        section="Sales",
        label="Orders",
        route="/orders",
        icon="shopping-cart",
        order=200,
        permission="orders.view_all_orders",
    )
    return [*links, search]
