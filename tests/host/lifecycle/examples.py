"""What the tests of processes share: example modules with and without tables, and their runtime."""

from collections.abc import Callable

from cryptography.fernet import Fernet, MultiFernet

from orion_core.db import Database
from orion_core.runtime import Runtime
from orion_host.assembly import Assembly, InstalledModule, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import PostgresUrls
from orion_host.migrations.runner import Migrator
from orion_host.testing import SentTasks

CORE = [module for module in installed_modules() if module.name == "core"]
Open = Callable[[Assembly], Runtime]


def quarantine(*modules: InstalledModule) -> Assembly:
    return assemble([*CORE, *modules], policy="quarantine")


def upgrade(urls: PostgresUrls, assembly: Assembly) -> None:
    migrator = Migrator(urls.owner, assembly.folders("migrations"))
    migrator.upgrade()
    migrator.close()


def open_runtime(assembly: Assembly, app_url: str, platform_url: str) -> Runtime:
    return Runtime(
        assembly=assembly,
        database=Database(app_url, platform_url, pool_size=2),
        cipher=MultiFernet([Fernet(Fernet.generate_key())]),
        tasks=SentTasks(),
    )
