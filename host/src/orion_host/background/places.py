"""Where background work takes place: the tenant of a run or event as a context, answers kept for a second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from orion_core.context import (
    NOWHERE,
    SYSTEM,
    Actor,
    PlatformRef,
    RequestContext,
    Tenant,
    current_context,
    use_context,
)
from orion_core.db import platform_scope, unit_of_work
from orion_core.runtime import AssemblyView, current_runtime
from orion_core.tenants import TenantDirectory

SECONDS = 1.0
MAX_ENTRIES = 10_000


class TenantGone(Exception):
    """The tenant of a run or event does not exist any more."""


class Owned(Protocol):
    """A row that says whose it is."""

    @property
    def platform_id(self) -> UUID | None: ...
    @property
    def merchant_id(self) -> UUID | None: ...
    @property
    def store_id(self) -> UUID | None: ...


class Places:
    """Finds tenants for background work; it needs a current runtime.

    Args:
        assembly: Whose tenant directory to ask; without one there are no tenants.
    """

    def __init__(self, assembly: AssemblyView) -> None:
        found = assembly.contributions("orion_tenants")
        self._directory: TenantDirectory | None = found[0][1] if found else None
        self._kept: dict[Any, tuple[float, Any]] = {}

    def platforms(self) -> dict[UUID, PlatformRef]:
        """Return all active platforms by id."""
        if self._directory is None:
            return {}
        directory = self._directory
        platforms: dict[UUID, PlatformRef] = self._ask(
            "platforms", lambda session: {platform.id: platform for platform in directory.platforms(session)}
        )
        return platforms

    def context(
        self, row: Owned, *, request_id: str, locale: str | None = None, actor: Actor = SYSTEM
    ) -> RequestContext:
        """Return the context to work for a row in.

        Args:
            row: Its owner is where the work takes place.
            request_id: What caused the work.
            locale: Language; the store's own if not given.
            actor: Who caused the work.

        Raises:
            TenantGone: If the owner does not exist.
        """
        tenant = self._tenant(row.platform_id, row.merchant_id, row.store_id) if row.platform_id else None
        language = locale or (tenant.store.locale if tenant and tenant.store else NOWHERE.locale)
        out = frozenset(current_runtime().standing.out())
        return RequestContext(tenant=tenant, actor=actor, locale=language, request_id=request_id, out=out)

    def _tenant(self, platform_id: UUID, merchant_id: UUID | None, store_id: UUID | None) -> Tenant:
        directory = self._directory
        if directory is None:
            raise TenantGone("no installed module knows tenants")
        tenant: Tenant | None = self._ask(
            (platform_id, merchant_id, store_id),
            lambda session: directory.find_tenant(
                session, platform_id=platform_id, merchant_id=merchant_id, store_id=store_id
            ),
        )
        if tenant is None:
            raise TenantGone("its tenant does not exist any more")
        return tenant

    def _ask(self, key: Any, question: Callable[[Session], Any]) -> Any:
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and kept[0] > now:
            return kept[1]
        with use_context(NOWHERE), platform_scope("find the tenant of background work") as session:
            answer = question(session)
        if len(self._kept) >= MAX_ENTRIES:
            self._kept.clear()
        self._kept[key] = (now + SECONDS, answer)
        return answer


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one transaction where the current context says: for its tenant, or platform-wide if it has none."""
    scope = platform_scope("work of the installation itself") if current_context().tenant is None else unit_of_work()
    with scope as session:
        yield session
