"""What a module can contribute: the value types that hooks return. Nothing here imports a framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from fastapi import APIRouter

    from orion_core.events import Event


class Area(StrEnum):
    """Who a route or menu serves; it decides the address and who may come in."""

    PUBLIC = "public"
    """The platform's own site."""
    ADMIN = "admin"
    """Platform admins."""
    MERCHANT = "merchant"
    """Merchant owners."""
    STORE = "store"
    """Store teams."""
    SHOP = "shop"
    """Shoppers."""

    @property
    def pages_prefix(self) -> str:
        """Path under which this area's pages live, without a trailing slash."""
        return _PAGES[self]

    @property
    def api_prefix(self) -> str:
        """Path under which this area's API lives, without a trailing slash."""
        return _API[self]


_PAGES = {
    Area.PUBLIC: "",
    Area.ADMIN: "/admin",
    Area.MERCHANT: "/merchants/{merchant}",
    Area.STORE: "/stores/{store}",
    Area.SHOP: "/shop/{store}",
}
_API = {
    Area.PUBLIC: "/api/v1/public",
    Area.ADMIN: "/api/v1/admin",
    Area.MERCHANT: "/api/v1/merchants/{merchant}",
    Area.STORE: "/api/v1/stores/{store}",
    Area.SHOP: "/api/v1/shop/{store}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSet:
    """A module's routes for one area.

    Args:
        area: Whom they serve.
        api: JSON routes, served under the area's API prefix.
        pages: HTML routes, served under the area's page prefix.
    """

    area: Area
    api: APIRouter | None = None
    pages: APIRouter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A link in an area's menu.

    Args:
        id: Unique over all modules, ``module.name``.
        area: The menu it appears in.
        section: Heading it is grouped under (a message id).
        label: Text of the link (a message id of the module's catalogue).
        route: Path inside the area, such as ``/products``; a GET page must exist there.
        icon: Name of an icon of the sprite.
        order: Smaller comes first within the section.
        permission: Who sees it; ``None`` means everyone who may enter the area.
    """

    id: str
    area: Area
    section: str
    label: str
    route: str
    icon: str = "circle"
    order: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A right that routes ask for and roles grant.

    Args:
        code: ``module.verb_noun``.
        title: What a person who grants it reads (a message id).
        area: Where it applies; roles of a store hold ``STORE`` permissions only.
        presets: Which preset store roles hold it from the start: ``manager`` holds all, so name the others
            (``staff``, ``support``, ``viewer``, ``marketing``).
    """

    code: str
    title: str
    area: Area = Area.STORE
    presets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Something a subscription can include or limit.

    Args:
        code: ``module.name``.
        title: What a merchant reads (a message id).
        kind: ``boolean`` (included or not) or ``limit`` (how many).
        usage: For a limit: counts what the current store or merchant uses now, given a session.
    """

    code: str
    title: str
    kind: Literal["boolean", "limit"] = "boolean"
    usage: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTask:
    """A task that runs by the clock, for each platform whose switch for the module is on.

    Args:
        task: Name of a task of the same module.
        cron: Five cron fields, UTC.
        key: Unique name of the entry; the task's name unless a task has two.
        per_platform: Run once per platform (the default) or once for the whole installation.
    """

    task: str
    cron: str
    key: str = ""
    per_platform: bool = True

    @property
    def name(self) -> str:
        """The entry's unique name."""
        return self.key or self.task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSet:
    """Where a module's tasks are defined and when they run by themselves.

    Args:
        packages: Dotted module names whose ``@task`` functions are registered.
        schedule: The module's part of the schedule.
    """

    packages: tuple[str, ...]
    schedule: tuple[ScheduledTask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A reaction to an event.

    Args:
        id: Stable and unique, ``module.name``; deliveries are recorded under it.
        event: The event's class, or its type name when the other module is optional.
        handler: Called as ``handler(session, event)`` in a transaction of its own. An event named by its type
            arrives as its payload, a mapping. It has 15 seconds; longer work belongs in a task.
    """

    id: str
    event: type[Event] | str
    handler: Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A fragment for a named place in other modules' pages.

    Args:
        place: Name of the place, ``area.page.position`` such as ``store.dashboard.main``.
        template: Template to render there.
        context: Given a session, returns the template's variables; ``None`` if it needs none.
        order: Smaller comes first.
        permission: Who sees it; ``None`` means everyone on that page.
    """

    place: str
    template: str
    context: Callable[[Any], Mapping[str, Any]] | None = None
    order: int = 100
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """A question readiness asks of a module.

    Args:
        name: Short name within the module.
        check: Returns nothing when well; raises with a message when not. It runs with a platform-wide session.
    """

    name: str
    check: Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something a module writes down about other modules, which has to go when one of those is purged.

    Args:
        title: What it is, in the plural: ``settings``, ``permissions in roles``.
        column: The mapped column that names the other module, alone (``billing``) or as the first part of a name
            (``billing.view_invoices``). Its rows are removed; a JSON list of such names is only stripped of them.
    """

    title: str
    column: Any
