"""A process in which one module is broken in one way: what it serves, migrates and reports, as JSON on stdout."""

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Uuid
from sqlalchemy.orm import mapped_column, relationship
from starlette.testclient import TestClient

from orion_core import OrionError, hookimpl
from orion_core.db import Database
from orion_core.runtime import Runtime
from orion_host.assembly import Assembly, InstalledModule, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.background.sender import NullSender
from orion_host.migrations.runner import Migrator
from orion_host.web.app import create_app

PATHS = ("/health/live", "/shop/{store}/", "/shop/{store}/gadgets", "/shop/{store}/widgets", "/login")


class Raises(MetaPathFinder):
    """Makes the import of one module fail while its code runs."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        spec = PathFinder.find_spec(fullname, path) if fullname == self._name else None
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = fail  # type: ignore[method-assign]
        return spec


def fail(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken for this test")


def fail_to_start(host: Any) -> None:
    fail()


def break_module(module: InstalledModule, how: str) -> None:
    """Break a module at import, at collection, in its mappers, or when it starts."""
    if how == "import":
        sys.meta_path.insert(0, Raises(module.plugin))
    elif how == "collection":
        vars(import_module(module.plugin))["orion_health"] = hookimpl(lambda: fail())  # noqa: PLW0108  no arguments
    elif how == "start-up":
        vars(import_module(module.plugin))["orion_startup"] = hookimpl(fail_to_start)
    elif how == "mappers":
        models = import_module(f"{module.package}.models")
        columns = {"id": mapped_column(Uuid, primary_key=True), "other": relationship("Absent")}
        vars(models)["Broken"] = type("Broken", (models.Base,), {"__tablename__": "broken", **columns})


def report(found: Sequence[InstalledModule], store: str) -> dict[str, Any]:
    """Start the web application as in production, migrate, and tell what became of it."""
    try:
        assembly = assemble(found, policy="quarantine")
        database = Database(os.environ["APP_URL"], os.environ["PLATFORM_URL"], pool_size=2)
        cipher = MultiFernet([Fernet(Fernet.generate_key())])
        runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=NullSender())
        with TestClient(create_app(assembly, runtime), follow_redirects=False) as web:
            ready = web.get("/health/ready")
            statuses = {path: web.get(path.format(store=store)).status_code for path in PATHS}
            shown = web.get(f"/shop/{store}/gadgets").text
        return {
            "ready": ready.status_code,
            **ready.json(),
            "statuses": statuses,
            "shown": shown,
            "migrated": migrate(assembly),
        }
    except OrionError as error:
        return {"fatal": error.detail}


def migrate(assembly: Assembly) -> list[str]:
    """Upgrade as ``orion db upgrade`` does under the quarantine policy, and return what it said."""
    said: list[str] = []
    migrator = Migrator(os.environ["OWNER_URL"], assembly.folders("migrations"), policy="quarantine")
    migrator.upgrade(said.append)
    migrator.close()
    return said


def main(name: str, how: str, store: str) -> None:
    found = installed_modules()
    if how == "removed":
        found = [module for module in found if module.name != name]
    else:
        break_module(next(module for module in found if module.name == name), how)
    print(json.dumps(report(found, store)))


if __name__ == "__main__":
    main(*sys.argv[1:])
