"""Work that goes from store to store: a scheduled task finds which have something to do, and works in each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from orion_core.context import NOWHERE, SYSTEM, Tenant, current_context, use_context
from orion_core.db import platform_scope
from orion_core.runtime import current_runtime


@contextmanager
def at_store(store_id: UUID, module: str) -> Iterator[bool]:
    """Work for a store inside the block, as the system.

    Args:
        store_id: The store.
        module: The module whose work this is.

    Yields:
        Whether to work there: not if the store is gone, or the module is switched off on its platform.
    """
    tenant = _tenant(store_id)
    if tenant is None or tenant.store is None:
        yield False
        return
    context = replace(current_context(), tenant=tenant, actor=SYSTEM, locale=tenant.store.locale)
    with use_context(context):
        yield context.module_is_on(module)


def _tenant(store_id: UUID) -> Tenant | None:
    directories = current_runtime().assembly.contributions("orion_tenants")
    if not directories:
        return None
    directory = directories[0][1]
    with use_context(NOWHERE), platform_scope("find a store of scheduled work") as session:
        for platform in directory.platforms(session):
            found: Tenant | None = directory.find_tenant(session, platform_id=platform.id, store_id=store_id)
            if found is not None:
                return found
    return None
