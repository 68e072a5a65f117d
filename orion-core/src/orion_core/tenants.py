"""How tenants and callers are found: the two roles that tenancy (and customers) fill for the host."""

from typing import Any, Protocol
from uuid import UUID

from orion_core.context import Actor, PlatformRef, RequestContext, Tenant
from orion_core.contributions import Area


class TenantDirectory(Protocol):
    """Finds tenants. Calls block; the host calls them in a worker thread and keeps answers for a second."""

    def platforms(self, session: Any) -> list[PlatformRef]:
        """Return all active platforms with the modules switched off on each."""

    def find_store(self, session: Any, code: str) -> Tenant | None:
        """Return the tenant of a store, open or closed, whose merchant may use it, or ``None``."""

    def find_merchant(self, session: Any, code: str) -> Tenant | None:
        """Return the tenant of a merchant that may use its portal, or ``None``."""

    def find_domain(self, session: Any, host: str) -> Tenant | None:
        """Return what a verified host name stands for, or ``None``."""

    def find_tenant(
        self,
        session: Any,
        *,
        platform_id: UUID,
        merchant_id: UUID | None = None,
        store_id: UUID | None = None,
    ) -> Tenant | None:
        """Return the tenant that the ids of a task run or event stand for, or ``None`` if there is no such.

        Its state does not matter: what a store owes is done also after it was closed.
        """

    def switch_module(
        self, session: Any, platform: str, module: str, *, on: bool, with_dependents: bool = False
    ) -> list[str]:
        """Switch a module on or off for a platform.

        Args:
            session: A platform-wide session.
            platform: The platform's code.
            module: The module's name.
            on: Which way.
            with_dependents: Switch off also the modules that need it.

        Returns:
            Names of the modules that changed.

        Raises:
            NotFound: If there is no such platform or module.
            Conflict: If the module is always on, or others that are on need it.
        """

    def switch_off_effect(self, session: Any, platform: str, module: str) -> list[tuple[str, int]]:
        """Return what would go off with a module, itself last, each with the number of records that would rest.

        Args:
            session: A platform-wide session.
            platform: The platform's code.
            module: The module's name.

        Raises:
            NotFound: If there is no such platform or module.
        """


class Authenticator(Protocol):
    """Recognises the callers of some areas."""

    areas: frozenset[Area]
    """The areas this authenticator speaks for."""
    cookie: str
    """Name of the session cookie it understands."""

    def by_cookie(self, session: Any, token: str, context: RequestContext) -> Actor | None:
        """Return who holds this session in the given place, or ``None``."""

    def by_bearer(self, session: Any, token: str, context: RequestContext) -> Actor | None:
        """Return who holds this API token in the given place, or ``None``."""

    def login_url(self, context: RequestContext, next_path: str) -> str:
        """Return the page where an unknown caller signs in and is then led to ``next_path``."""
