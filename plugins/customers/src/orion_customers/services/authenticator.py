"""Recognises a store's customers in its shop, by session cookie or by the same token in the API."""

from typing import Any

from sqlalchemy.orm import Session

from orion_core import Area
from orion_core.context import Actor, RequestContext
from orion_customers.services.sessions import find_holder

COOKIE = "orion_customer"


class CustomerAuthenticator:
    """The caller of the shop area."""

    areas = frozenset({Area.SHOP})
    cookie = COOKIE

    def by_cookie(self, session: Session, token: str, context: RequestContext) -> Actor | None:
        if context.store_id is None:
            return None
        found = find_holder(session, context.store_id, token)
        if found is None:
            return None
        session_id, customer = found
        return Actor(
            kind="customer",
            id=customer.id,
            name=customer.name,
            email=customer.email,
            areas=self.areas,
            session_id=session_id,
        )

    def by_bearer(self, session: Session, token: str, context: RequestContext) -> Actor | None:
        return self.by_cookie(session, token, context)

    def login_url(self, context: RequestContext, next_path: str) -> Any:
        query = f"?next={next_path}" if next_path else ""
        return f"{context.base_path}/account/login{query}"
