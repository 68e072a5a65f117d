"""A process that applies an import and may be killed: ``python -m tests.modules.catalog.importer STORE FILE IMPORT``.

The database's addresses come in ORION_TEST_APP_URL and ORION_TEST_PLATFORM_URL. It says after each batch how many rows
are applied.
"""

import os
import sys
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, MultiFernet

from orion_catalog.services.imports import run_import
from orion_core.context import RequestContext, use_context
from orion_core.db import Database, platform_scope
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import assemble
from orion_host.testing import SentTasks


def main(code: str, path: str, import_id: str) -> None:
    assembly = assemble(policy="strict", web=False)
    database = Database(os.environ["ORION_TEST_APP_URL"], os.environ["ORION_TEST_PLATFORM_URL"])
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=SentTasks())
    with use_runtime(runtime), use_context(RequestContext()):
        with platform_scope("find the store of a test") as session:
            tenant = assembly.contributions("orion_tenants")[0][1].find_store(session, code)
        with use_context(RequestContext(tenant=tenant)), Path(path).open("rb") as stream:
            run_import(UUID(import_id), lambda done, _total: print(done, flush=True), stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
