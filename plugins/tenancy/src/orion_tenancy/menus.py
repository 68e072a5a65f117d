"""The module's links in the menus of the staff areas."""

from functools import partial

from orion_core import Area, MenuItem


def menus() -> list[MenuItem]:
    return [*_admin(), *_merchant(), *_store()]


def _admin() -> list[MenuItem]:
    item = partial(MenuItem, area=Area.ADMIN)
    tenants = partial(item, section="People and shops")
    return [
        item(id="tenancy.admin_home", section="", label="Overview", route="/", icon="layout-dashboard", order=0),
        tenants(
            id="tenancy.merchants",
            label="Merchants",
            route="/merchants",
            icon="building",
            order=10,
            permission="tenancy.manage_merchants",
        ),
        tenants(
            id="tenancy.stores",
            label="Stores",
            route="/stores",
            icon="building-store",
            order=11,
            permission="tenancy.manage_stores",
        ),
        tenants(
            id="tenancy.users",
            label="Users",
            route="/users",
            icon="users",
            order=12,
            permission="tenancy.manage_users",
        ),
        tenants(
            id="tenancy.platforms",
            label="Platforms",
            route="/platforms",
            icon="world",
            order=13,
            permission="tenancy.manage_platforms",
        ),
    ]


def _merchant() -> list[MenuItem]:
    item = partial(MenuItem, area=Area.MERCHANT, section="")
    return [
        item(id="tenancy.merchant_home", label="Overview", route="/", icon="layout-dashboard", order=0),
        item(
            id="tenancy.merchant_stores",
            label="Stores",
            route="/stores",
            icon="building-store",
            order=10,
            permission="tenancy.view_stores",
        ),
    ]


def _store() -> list[MenuItem]:
    item = partial(MenuItem, area=Area.STORE)
    return [
        item(id="tenancy.store_home", section="", label="Overview", route="/", icon="layout-dashboard", order=0),
        item(
            id="tenancy.team",
            section="Team",
            label="Members",
            route="/team",
            icon="users",
            order=800,
            permission="tenancy.view_team",
        ),
        item(
            id="tenancy.roles",
            section="Team",
            label="Roles",
            route="/team/roles",
            icon="shield-check",
            order=801,
            permission="tenancy.manage_roles",
        ),
    ]
