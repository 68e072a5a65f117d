"""The hook contract: every way in which a module can take part, with who calls it, when, and what it returns.

The host calls each implementation by itself, checks what it returned and blames the module that returned it.
Implementations live in a module's ``plugin.py``; they import what they need inside their bodies, so that
importing ``plugin.py`` stays cheap. Returning an empty list is the same as not implementing the hook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orion_core.markers import hookspec

if TYPE_CHECKING:
    from typer import Typer

    from orion_core.contributions import (
        Feature,
        HealthCheck,
        Kept,
        MenuItem,
        Permission,
        RouteSet,
        Slot,
        Subscriber,
        TaskSet,
    )
    from orion_core.db import ModuleTables
    from orion_core.settings import ModuleSettings
    from orion_core.states import StateMachine
    from orion_core.tenants import Authenticator, TenantDirectory


@hookspec
def orion_models() -> type[ModuleTables]:  # type: ignore[empty-body]
    """Return the module's declarative base, with all its models imported. Called at start-up and by migrations."""


@hookspec
def orion_routes() -> list[RouteSet]:  # type: ignore[empty-body]
    """Return the module's routes, at most one set per area. Called when a web app is built."""


@hookspec
def orion_tasks() -> TaskSet:  # type: ignore[empty-body]
    """Return where tasks are defined and when they run. Called at start-up of every process."""


@hookspec
def orion_menus() -> list[MenuItem]:  # type: ignore[empty-body]
    """Return links for the areas' menus. Called at start-up."""


@hookspec
def orion_permissions() -> list[Permission]:  # type: ignore[empty-body]
    """Return the permissions the module's routes and menus ask for. Called at start-up."""


@hookspec
def orion_features() -> list[Feature]:  # type: ignore[empty-body]
    """Return what a subscription can include or limit. Called at start-up."""


@hookspec
def orion_settings() -> type[ModuleSettings]:  # type: ignore[empty-body]
    """Return the module's typed settings class. Called at start-up."""


@hookspec
def orion_subscribers() -> list[Subscriber]:  # type: ignore[empty-body]
    """Return reactions to events of this and other modules. Called at start-up."""


@hookspec
def orion_slots() -> list[Slot]:  # type: ignore[empty-body]
    """Return fragments for named places in pages and dashboards. Called at start-up."""


@hookspec
def orion_state_machines() -> list[StateMachine]:  # type: ignore[empty-body]
    """Return the lives of the module's records, to be published and drawn. Called at start-up."""


@hookspec
def orion_commands() -> Typer:  # type: ignore[empty-body]
    """Return the ``orion <module>`` command group. Called when that group is used or its help is shown."""


@hookspec
def orion_health() -> list[HealthCheck]:  # type: ignore[empty-body]
    """Return named health checks. Called at start-up; the checks run when readiness is asked."""


@hookspec
def orion_tenants() -> TenantDirectory:  # type: ignore[empty-body]
    """Return how platforms, merchants and stores are found. Exactly one module may answer (tenancy does)."""


@hookspec
def orion_authenticators() -> list[Authenticator]:  # type: ignore[empty-body]
    """Return how callers of an area are recognised. At most one per area. Called at start-up."""


@hookspec
def orion_hookspecs() -> list[Any]:  # type: ignore[empty-body]
    """Return namespaces of hook specifications that this module offers to others. Called at start-up."""


@hookspec
def orion_demo(session: Any, world: Any) -> None:
    """Add the module's part of the demo marketplace. Called by ``orion up --demo``, in dependency order.

    Args:
        session: A platform-wide session; do not commit.
        world: Shared dictionary in which modules leave what later ones build on (``world["stores"]``).
    """


@hookspec
def orion_startup(host: Any) -> None:
    """Prepare the process. Called once per web, worker, beat or relay process, in dependency order.

    Args:
        host: The running host; ``host.assembly`` and ``host.database`` are what modules use of it.
    """


@hookspec
def orion_shutdown(host: Any) -> None:
    """Release what ``orion_startup`` took. Called once per process, in reverse dependency order.

    Args:
        host: As for ``orion_startup``.
    """


@hookspec
def orion_enabled(session: Any, platform: Any) -> None:
    """React to the module being switched on for a platform. Called in the transaction that switches it.

    Args:
        session: A platform-wide session; do not commit.
        platform: The ``PlatformRef`` concerned.
    """


@hookspec
def orion_disabled(session: Any, platform: Any) -> None:
    """React to the module being switched off for a platform. Called in the transaction that switches it.

    Args:
        session: A platform-wide session; do not commit.
        platform: The ``PlatformRef`` concerned.
    """


@hookspec
def orion_kept() -> list[Kept]:  # type: ignore[empty-body]
    """Return what the module writes down about other modules. Called at start-up.

    ``orion db purge`` counts it, shows it and removes it together with the purged module; ``orion db status`` finds
    by it what was left behind by modules that are gone.
    """


@hookspec
def orion_neutralize(session: Any, keep: frozenset[str]) -> dict[str, int]:  # type: ignore[empty-body]
    """Make the module's data harmless in a copy of a production database: nothing may reach people or providers.

    Called by ``orion db neutralize``, for all modules in one transaction, in dependency order.

    Args:
        session: A session of the schemas' owner, which sees all tenants; do not commit.
        keep: E-mail addresses, in lower case, of people who go on working with the copy.

    Returns:
        What was done, as counts by a phrase such as ``API keys revoked``.
    """
