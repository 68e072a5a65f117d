"""The one middleware: finds tenant, caller and language of a request, and answers what nobody else could."""

import dataclasses
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import anyio.to_thread
import structlog
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orion_core import Area
from orion_core.context import Actor, RequestContext, Tenant, use_context
from orion_core.errors import NotFound, PermissionDenied
from orion_core.i18n import LOCALES, choose
from orion_core.ids import new_id
from orion_core.runtime import Runtime, use_runtime
from orion_core.tenants import Authenticator
from orion_host.web.addresses import Address, on_store_domain, parse_path
from orion_host.web.directory import CachedDirectory
from orion_host.web.metrics import observe
from orion_host.web.problems import answer_error
from orion_host.web.security import SECURITY_HEADERS, is_cross_site

log = structlog.get_logger("orion.web")

LOCALE_COOKIE = "orion_locale"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_BARE = re.compile(r"/admin|/(stores|shop|merchants)/[^/]+")
"""The start page of an area, asked for without its slash."""

_IS_ADDRESS = re.compile(r"(localhost|testserver|[\d.]+|\[.*\])(:\d+)?")
_KINDS = {Area.SHOP: "store", Area.STORE: "store", Area.MERCHANT: "merchant"}


class ShopClosed(NotFound):
    """The shop exists but does not receive shoppers now."""

    code = "shop_closed"
    title = "This shop is closed at the moment"


class ContextMiddleware:
    """Gives every request its context; everything behind it can ask ``current_context()``.

    Args:
        app: The application behind it.
        runtime: The process's runtime.
        directory: Finds tenants.
        authenticators: Who recognises the callers of which area.
    """

    def __init__(
        self,
        app: ASGIApp,
        runtime: Runtime,
        directory: CachedDirectory,
        authenticators: Mapping[Area, Authenticator],
    ) -> None:
        self.app = app
        self.runtime = runtime
        self.directory = directory
        self.authenticators = authenticators

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        if _BARE.fullmatch(scope["path"]):
            await RedirectResponse(f"{scope['path']}/", status_code=308)(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex
        reply = _Reply(scope, send, request_id)
        with use_runtime(self.runtime):
            await self._answer(scope, receive, reply, headers, request_id)
        observe(scope, reply.status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, reply: "_Reply", headers: Headers, request_id: str) -> None:
        context = RequestContext(request_id=request_id)
        try:
            context = await self._context(scope, headers, request_id, reply)
            with use_context(context):
                await self.app(scope, receive, reply)
        except Exception as error:
            if reply.status:
                log.exception("answer broke off", path=scope["path"], request_id=request_id)
                raise
            with use_context(context):
                response = answer_error(Request(scope), error, self.authenticators)
                if response.status_code >= 500:
                    log.exception("request failed", path=scope["path"], request_id=request_id)
                await response(scope, receive, reply)

    async def _context(self, scope: Scope, headers: Headers, request_id: str, reply: "_Reply") -> RequestContext:
        if "\0" in scope["path"]:  # no text in PostgreSQL holds one, so nothing can be found by it
            raise NotFound
        scope["orion.path"] = scope["path"]
        host_tenant = await self._host_tenant(headers)
        base_path = None
        if host_tenant is not None and host_tenant.store is not None:
            scope["path"], base_path = on_store_domain(scope["path"], host_tenant.store.code)
        address = parse_path(scope["path"])
        scope["orion.address"] = address
        tenant = await self._tenant(address, host_tenant)
        cookies = cookie_parser(headers.get("cookie", ""))
        context = RequestContext(
            tenant=tenant,
            area=address.area,
            locale=self._locale(scope, headers, cookies, tenant, reply),
            request_id=request_id,
            base_path=address.base_path if base_path is None else base_path,
            out=frozenset(self.runtime.standing.out()),
        )
        authorization = headers.get("authorization", "")
        if is_cross_site(scope["method"], headers) and not authorization:
            raise PermissionDenied("this request came from another site")
        return await self._with_actor(context, address, cookies, authorization)

    async def _host_tenant(self, headers: Headers) -> Tenant | None:
        host = headers.get("host", "").lower()
        if not host or _IS_ADDRESS.fullmatch(host):
            return None
        return await self.directory.find("domain", host.partition(":")[0])

    async def _tenant(self, address: Address, host_tenant: Tenant | None) -> Tenant | None:
        kind = _KINDS.get(address.area) if address.area else None
        if kind is None:
            return host_tenant
        tenant = await self.directory.find(kind, address.code)
        if tenant is None:
            raise NotFound(f"there is no {kind} {address.code!r} here")
        if address.area is Area.SHOP and tenant.store and not tenant.store.is_open:
            raise ShopClosed
        return tenant

    async def _with_actor(
        self, context: RequestContext, address: Address, cookies: Mapping[str, str], authorization: str
    ) -> RequestContext:
        authenticator = self.authenticators.get(address.area) if address.area else None
        if authenticator is None:
            return context
        scheme, _, bearer = authorization.partition(" ")
        token = cookies.get(authenticator.cookie, "")
        if scheme.lower() == "bearer":
            actor = await anyio.to_thread.run_sync(self._recognise, authenticator.by_bearer, bearer, context)
        elif token:
            actor = await anyio.to_thread.run_sync(self._recognise, authenticator.by_cookie, token, context)
        else:
            return context
        return dataclasses.replace(context, actor=actor)

    def _recognise(self, ask: Any, token: str, context: RequestContext) -> Actor | None:
        with use_context(context), self.runtime.database.platform_session() as session, session.begin():
            actor: Actor | None = ask(session, token, context)
            return actor

    @staticmethod
    def _locale(
        scope: Scope,
        headers: Headers,
        cookies: Mapping[str, str],
        tenant: Tenant | None,
        reply: "_Reply",
    ) -> str:
        query = QueryParams(scope["query_string"]) if b"lang=" in scope["query_string"] else {}
        wished = query.get("lang")
        accepted = [part.partition(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
        store = tenant.store if tenant else None
        in_shop = store is not None and scope["orion.address"].area == Area.SHOP
        offered = [store.locale, *store.locales] if in_shop and store else LOCALES
        locale = choose([wished, cookies.get(LOCALE_COOKIE), *accepted], offered)
        if wished and locale == wished:
            reply.locale = locale
        return locale


class _Reply:
    """Sends the response on, with the headers every response has."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self._secure = scope.get("scheme") == "https"
        self.status = 0
        self.locale: str | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"].extend(self._headers({name for name, _ in message["headers"]}))
        await self._send(message)

    def _headers(self, present: set[bytes]) -> Iterator[tuple[bytes, bytes]]:
        # A response may bring a policy of its own: a mail's body shown in a frame, a file to be saved.
        yield from (pair for pair in SECURITY_HEADERS if pair[0] not in present)
        yield b"x-request-id", self._request_id.encode()
        if self._secure:
            yield b"strict-transport-security", b"max-age=31536000"
        if self.locale:
            cookie = f"{LOCALE_COOKIE}={self.locale}; Path=/; Max-Age=31536000; SameSite=Lax"
            yield b"set-cookie", cookie.encode()
