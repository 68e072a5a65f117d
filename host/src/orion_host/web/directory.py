"""The tenant directory as the web sees it: answers are kept for a second, so a switch is seen within two."""

import time
from collections.abc import Callable
from typing import Any

import anyio.to_thread

from orion_core.context import NOWHERE, PlatformRef, Tenant, use_context
from orion_core.runtime import Runtime
from orion_core.tenants import TenantDirectory

SECONDS = 1.0
MAX_ENTRIES = 10_000


class CachedDirectory:
    """Asks the tenancy module in a worker thread and remembers the answer for a moment.

    Args:
        runtime: The process's runtime.
        directory: Who knows the tenants; ``None`` if no module does, then there are none.
    """

    def __init__(self, runtime: Runtime, directory: TenantDirectory | None) -> None:
        self._runtime = runtime
        self._directory = directory
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}

    async def find(self, kind: str, code: str) -> Tenant | None:
        """Return the tenant of a ``store``, ``merchant`` or ``domain``, or ``None``."""
        directory = self._directory
        if directory is None or not code:
            return None
        finders = {
            "store": directory.find_store,
            "merchant": directory.find_merchant,
            "domain": directory.find_domain,
        }
        tenant: Tenant | None = await self._ask(kind, code, lambda session: finders[kind](session, code))
        return tenant

    async def platforms(self) -> list[PlatformRef]:
        """Return all active platforms."""
        directory = self._directory
        if directory is None:
            return []
        found: list[PlatformRef] = await self._ask("platforms", "", directory.platforms)
        return found

    async def _ask(self, kind: str, code: str, question: Callable[[Any], Any]) -> Any:
        now = time.monotonic()
        kept = self._kept.get((kind, code))
        if kept is not None and kept[0] > now:
            return kept[1]
        answer = await anyio.to_thread.run_sync(self._query, question)
        if len(self._kept) >= MAX_ENTRIES:
            self._kept.clear()
        self._kept[kind, code] = (now + SECONDS, answer)
        return answer

    def _query(self, question: Callable[[Any], Any]) -> Any:
        with use_context(NOWHERE), self._runtime.database.platform_session() as session, session.begin():
            return question(session)
