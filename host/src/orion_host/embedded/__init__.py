"""PostgreSQL and Valkey as child processes, for machines that have neither."""

import sys

if sys.platform == "win32":
    raise ImportError("Embedded servers need Linux or macOS; on Windows point Orion at servers of your own.")

from orion_host.embedded.errors import EmbeddedServerError
from orion_host.embedded.postgres import EmbeddedPostgres, PostgresUrls
from orion_host.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedServerError", "EmbeddedValkey", "PostgresUrls"]
