"""A process's runtime: database, broker and secrets, built from settings when the process starts."""

from orion_core.db import Database
from orion_core.runtime import Runtime, TaskSender
from orion_host.assembly import Assembly
from orion_host.settings import HostSettings


def open_runtime(assembly: Assembly, settings: HostSettings, tasks: TaskSender) -> Runtime:
    """Return the runtime of this process; close its database when the process ends.

    Args:
        assembly: What is installed.
        settings: Where the database is, and the secrets.
        tasks: Hands queued runs to the broker.

    Raises:
        MissingSetting: If an address or secret is missing.
    """
    database = Database(
        settings.require("database_url"),
        settings.require("database_platform_url"),
        pool_size=settings.pool_size,
    )
    return Runtime(assembly=assembly, database=database, cipher=settings.cipher(), tasks=tasks, debug=settings.debug)
