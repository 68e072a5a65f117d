"""Guards: who may call a route. Every route declares exactly one; the host refuses to start otherwise."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends

from orion_core.context import current_context
from orion_core.errors import PermissionDenied, Unauthenticated


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on the caller.

    Args:
        kind: ``public``, ``signed_in``, ``customer`` or ``permission``.
        permission: The code asked for, when the kind is ``permission``.
    """

    kind: str
    permission: str | None = None

    async def __call__(self) -> None:
        """Check as a dependency of a route that is not on an orion_core ``Router``."""
        self.check()

    def check(self) -> None:
        """Let the current caller pass.

        Raises:
            Unauthenticated: If somebody has to sign in first.
            PermissionDenied: If the caller is known but may not.
        """
        if self.kind == "public":
            return
        context = current_context()
        if context.actor is None:
            raise Unauthenticated
        if not self._admits(context.actor, context.area):
            raise PermissionDenied

    def _admits(self, actor: Any, area: Any) -> bool:
        if self.kind == "customer":
            return bool(actor.kind == "customer")
        if self.kind == "signed_in":
            return actor.kind != "customer" and (area is None or actor.may_enter(area))
        return bool(actor.may(self.permission) and (area is None or actor.may_enter(area)))


public: Any = Depends(Guard("public"))
"""Anybody may call the route."""

signed_in: Any = Depends(Guard("signed_in"))
"""Any member of staff who may enter the area may call the route."""

customer: Any = Depends(Guard("customer"))
"""A signed-in customer of the store may call the route."""


def requires(permission: str) -> Any:
    """Return the guard that asks for a permission.

    Args:
        permission: A code some module declares; an unknown one stops the host from starting.
    """
    return Depends(Guard("permission", permission))


def may(permission: str) -> bool:
    """Tell whether the caller has a permission, for what a page shows only to some.

    Args:
        permission: Its code.
    """
    actor = current_context().actor
    return actor is not None and actor.may(permission)
