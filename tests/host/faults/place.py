"""Where broken processes run: a database, and the path on which everything is installed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text

from orion_host.embedded import PostgresUrls


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

    @contextmanager
    def ahead(self, module: str) -> Iterator[None]:
        """Have a module's tables be newer than its code inside the block."""
        table = f"{module}.alembic_version"
        self.sql(f"CREATE TABLE {module}.before AS SELECT version_num FROM {table}")
        self.sql(f"UPDATE {table} SET version_num = '{module}_0099'")
        try:
            yield
        finally:
            self.sql(f"UPDATE {table} SET version_num = before.version_num FROM {module}.before")
            self.sql(f"DROP TABLE {module}.before")

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
