"""The request context: who acts for which tenant, as one frozen value in a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from orion_core.contributions import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRef:
    """The platform a request belongs to, with the modules that are switched off there."""

    id: UUID
    code: str
    name: str
    modules_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantRef:
    """The merchant a request belongs to."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRef:
    """The store a request belongs to, with what every page needs to know of it."""

    id: UUID
    code: str
    name: str
    locale: str = "en"
    locales: tuple[str, ...] = ("en",)
    currency: str = "EUR"
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Where a request takes place: a platform, perhaps a merchant of it, perhaps a store of that merchant."""

    platform: PlatformRef
    merchant: MerchantRef | None = None
    store: StoreRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts.

    Args:
        kind: ``user`` (staff), ``customer``, ``api_key`` or ``system``.
        id: Their id; ``None`` for the system.
        name: What to call them.
        email: Address, if they have one.
        permissions: Codes they hold in the present tenant.
        areas: Areas they may enter in the present tenant.
        is_platform_admin: Whether they hold every permission everywhere.
        session_id: The login session, where there is one.
    """

    kind: Literal["user", "customer", "api_key", "system"]
    id: UUID | None = None
    name: str = ""
    email: str = ""
    permissions: frozenset[str] = frozenset()
    areas: frozenset[Area] = frozenset()
    is_platform_admin: bool = False
    session_id: UUID | None = None

    def may(self, permission: str) -> bool:
        """Tell whether this actor holds ``permission`` in the present tenant."""
        return self.is_platform_admin or permission in self.permissions

    def may_enter(self, area: Area) -> bool:
        """Tell whether this actor may enter ``area`` in the present tenant."""
        return self.is_platform_admin or area in self.areas


SYSTEM = Actor(kind="system", name="system")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Everything a service may ask about the request, task or command it works for.

    Args:
        tenant: Where; ``None`` outside any platform.
        area: The area the request entered by; ``None`` for tasks and commands.
        actor: Who; ``None`` for an anonymous visitor.
        locale: Language to answer in, ISO 639-1.
        request_id: Correlates log lines, task runs and problem documents.
        base_path: What links inside the area start with; empty on a custom domain.
        out: Modules that take no part in this process just now, whatever the platform's switches say.
    """

    tenant: Tenant | None = None
    area: Area | None = None
    actor: Actor | None = None
    locale: str = "en"
    request_id: str = ""
    base_path: str = ""
    out: frozenset[str] = frozenset()

    @property
    def platform_id(self) -> UUID | None:
        """Id of the platform, if any."""
        return self.tenant.platform.id if self.tenant else None

    @property
    def merchant_id(self) -> UUID | None:
        """Id of the merchant, if any."""
        return self.tenant.merchant.id if self.tenant and self.tenant.merchant else None

    @property
    def store_id(self) -> UUID | None:
        """Id of the store, if any."""
        return self.tenant.store.id if self.tenant and self.tenant.store else None

    @property
    def store(self) -> StoreRef:
        """The store of a request that has one.

        Raises:
            LookupError: Outside a store.
        """
        if self.tenant is None or self.tenant.store is None:
            raise LookupError("this runs outside any store")
        return self.tenant.store

    def module_is_on(self, name: str) -> bool:
        """Tell whether a module takes part where this request takes place."""
        return name not in self.out and (self.tenant is None or name not in self.tenant.platform.modules_off)


NOWHERE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("orion_request_context", default=NOWHERE)


def current_context() -> RequestContext:
    """Return the context of the running request, task or command; an empty one outside of any."""
    return _current.get()


@contextmanager
def use_context(context: RequestContext) -> Iterator[RequestContext]:
    """Make ``context`` the current one inside the block.

    Args:
        context: The context to work under.

    Yields:
        The same context.
    """
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
