"""The module as it lives: a process with what it requires, its migrated tables, and a store to work for."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from uuid import UUID

import anyio
from cryptography.fernet import Fernet, MultiFernet
from fastapi import FastAPI
from starlette.types import Message, Scope

from orion_core import Area
from orion_core.context import Actor, MerchantRef, PlatformRef, RequestContext, StoreRef, Tenant, use_context
from orion_core.db import Database
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly
from orion_host.background.sender import NullSender
from orion_host.embedded import PostgresUrls
from orion_host.web.app import module_gates
from orion_host.web.assets import Assets
from orion_host.web.templates import build_templates


@contextmanager
def living(assembly: Assembly, urls: PostgresUrls) -> Iterator[Runtime]:
    """Run a process's worth of an assembly inside the block.

    Args:
        assembly: What takes part.
        urls: A database in which its migrations have run.

    Yields:
        The runtime; it is current.
    """
    database = Database(urls.app, urls.platform, pool_size=2)
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    runtime = Runtime(assembly=assembly, database=database, cipher=cipher, tasks=NullSender())
    runtime = dataclasses.replace(runtime, templates=build_templates(assembly, Assets(assembly)))
    try:
        with use_runtime(runtime):
            yield runtime
    finally:
        database.close()


def tenant_of(ids: dict[str, UUID]) -> Tenant:
    """Return a tenant for made-up ids.

    Args:
        ids: ``platform_id``, ``merchant_id`` and ``store_id``.
    """
    return Tenant(
        platform=PlatformRef(id=ids["platform_id"], code="p", name="P"),
        merchant=MerchantRef(id=ids["merchant_id"], code="m", name="M"),
        store=StoreRef(id=ids["store_id"], code="s", name="S", locales=("en", "fr", "de", "lb")),
    )


def application(assembly: Assembly) -> FastAPI:
    """Return an application of all routes, without the middleware: the caller sets the context.

    Args:
        assembly: Whose routes.
    """
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    for gate in module_gates(assembly):
        app.include_router(gate, prefix=gate.mount_prefix)
    return app


def ask(app: FastAPI, path: str, tenant: Tenant, area: Area, locale: str) -> int:
    """Ask for a page as a platform admin, who may see everything.

    Args:
        app: The application.
        path: The page's path.
        tenant: Where.
        area: The area the page belongs to.
        locale: In which language.

    Returns:
        Status of the answer.
    """
    actor = Actor(kind="user", id=new_id(), name="Ada", email="ada@example.com", is_platform_admin=True)
    base = area.pages_prefix.format(store="s", merchant="m")
    context = RequestContext(tenant=tenant, area=area, actor=actor, locale=locale, base_path=base)
    # In a thread of its own: the caller's may run an event loop already, as under a browser's test driver.
    with use_context(context), ThreadPoolExecutor(1) as thread:
        here = copy_context()
        return thread.submit(lambda: here.run(lambda: anyio.run(_ask, app, path))).result()


async def _ask(app: FastAPI, path: str) -> int:
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"check"), (b"accept", b"text/html")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])
