"""Two outside plugins beside the built-in modules, all migrated in a database in which something stands."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, InstalledModule
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.kit.naming import choose_names
from orion_host.kit.writing import write_plugin
from orion_host.testing import build_stage
from tests.kit.generated import generate, note_installation
from tests.modules.tenancy.tenants import Tenants

Fault = Callable[..., dict[str, Any]]
ENTRY = """INSERT INTO gadgets.entries (store_id, id, title, text, is_shown, version)
           SELECT id, gen_random_uuid(), 'Kiln day', '', true, 1 FROM tenancy.stores"""


@dataclass(frozen=True)
class Place:
    """Where broken processes run."""

    urls: PostgresUrls
    path: str

    def sql(self, statement: str) -> None:
        engine = create_engine(self.urls.owner)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def run(self, name: str, how: str, **environment: str) -> dict[str, Any]:
        """Run a process with a broken module and return what it reports."""
        urls = {"APP_URL": self.urls.app, "PLATFORM_URL": self.urls.platform, "OWNER_URL": self.urls.owner}
        done = subprocess.run(
            [sys.executable, "-m", "tests.host.faults.broken", name, how, "mugs"],
            env={**os.environ, **urls, "PYTHONPATH": self.path, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


@pytest.fixture(scope="module")
def place(
    postgres: EmbeddedPostgres, template: str, assembly: Assembly, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """``gadgets`` and ``widgets``, which requires it, are installed; a store has an entry of the former."""
    folder = tmp_path_factory.mktemp("outside")
    generate(folder / "gadgets")
    gadgets = InstalledModule(
        name="gadgets", plugin="orion_gadgets.plugin", distribution="orion-gadgets", version="0.1.0"
    )
    names = choose_names("widgets", [*installed_modules(), gadgets], requires=["gadgets"])
    write_plugin(names, folder / "widgets")
    note_installation(folder / "widgets", names.name, names.distribution, names.dependencies)
    name = f"faults_{uuid4().hex[:8]}"
    postgres.create_database(name, template=template)
    urls = postgres.urls(name)
    with build_stage(urls, assembly) as stage, use_runtime(stage.runtime), use_context(NOWHERE):
        with platform_scope("test") as session:
            tenants = Tenants(session)
            tenants.store(tenants.merchant(tenants.platform()), "mugs")
    path = os.pathsep.join([str(Path.cwd()), *(str(folder / each / "src") for each in ("gadgets", "widgets"))])
    place = Place(urls, path)
    place.run("gadgets", "nothing")  # migrates
    place.sql(ENTRY)
    yield place
    postgres.drop_database(name)
