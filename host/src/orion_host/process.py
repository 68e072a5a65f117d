"""A process's runtime: database, broker and secrets, built from settings when the process starts."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from orion_core.db import Database
from orion_core.runtime import Runtime, TaskSender
from orion_host.assembly import Assembly
from orion_host.mailer import mailer_of
from orion_host.settings import HostSettings

if TYPE_CHECKING:
    from jinja2 import Environment


def open_runtime(assembly: Assembly, settings: HostSettings, tasks: TaskSender) -> Runtime:
    """Return the runtime of this process; close its database when the process ends.

    Args:
        assembly: What is installed.
        settings: Where the database is, and the secrets.
        tasks: Hands queued runs to the broker.

    Raises:
        MissingSetting: If an address or secret is missing, or not one.
    """
    database = Database(
        settings.require("database_url"),
        settings.require("database_platform_url"),
        pool_size=settings.pool_size,
    )
    return Runtime(
        assembly=assembly,
        database=database,
        cipher=settings.cipher(),
        tasks=tasks,
        make_templates=templates_of(assembly),
        mailer=mailer_of(settings),
        public_url=settings.public_url.rstrip("/"),
        debug=settings.debug,
    )


def templates_of(assembly: Assembly) -> Callable[[], "Environment"]:
    """Return what makes the Jinja environment once, when a process that serves no pages renders its first mail.

    Args:
        assembly: Whose templates.
    """

    @cache
    def make() -> "Environment":
        # The web's libraries take 0.3 s to load, which relays, beats and most commands never need.
        from orion_host.web.assets import Assets  # noqa: PLC0415
        from orion_host.web.templates import build_templates  # noqa: PLC0415

        return build_templates(assembly, Assets(assembly))

    return make
