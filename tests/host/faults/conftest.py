"""Two outside plugins beside the built-in modules, all migrated in a database in which something stands."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope
from orion_core.runtime import use_runtime
from orion_host.assembly import Assembly, InstalledModule
from orion_host.assembly.discovery import installed_modules
from orion_host.embedded import EmbeddedPostgres
from orion_host.kit.naming import choose_names
from orion_host.kit.writing import write_plugin
from orion_host.testing import build_stage
from tests.host.faults.place import Place
from tests.kit.generated import generate, note_installation
from tests.modules.tenancy.tenants import Tenants

Fault = Callable[..., dict[str, Any]]
ENTRY = """INSERT INTO gadgets.entries (store_id, id, title, text, is_shown, version)
           SELECT id, gen_random_uuid(), 'Kiln day', '', true, 1 FROM tenancy.stores"""


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
