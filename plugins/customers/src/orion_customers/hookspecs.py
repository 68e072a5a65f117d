"""What customers asks of modules that keep personal data: to hand it out, and to erase it."""

from typing import Any
from uuid import UUID

from orion_core import hookspec


@hookspec
def customers_export(session: Any, customer_id: UUID | None, email: str) -> dict[str, Any]:  # type: ignore[empty-body]
    """Return everything the module knows about a person, as plain values for a JSON file.

    Args:
        session: A session of the store.
        customer_id: The account, if there is one.
        email: The verified address, in lower case; what a guest did under it counts, too.
    """


@hookspec
def customers_erase(session: Any, customer_id: UUID | None, email: str) -> dict[str, int]:  # type: ignore[empty-body]
    """Remove or scrub what identifies a person. Amounts, tax and documents that the law keeps stay.

    Args:
        session: A session of the store.
        customer_id: The account, if there is one.
        email: The verified address, in lower case.

    Returns:
        What was done, as counts by a phrase such as ``orders made anonymous``, and ``invoices kept by law``.
    """
