"""Where broken processes run: a database, and the path on which everything is installed."""

import json
import os
import subprocess
import sys
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
