"""Customers of the demo shops; the first of each shop can sign in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from orion_core.context import current_context, use_context
from orion_core.services.passwords import hash_password
from orion_customers.models import Credential, CustomerGroup, GroupMember
from orion_customers.schemas import AddressInput
from orion_customers.services.addresses import save_address
from orion_customers.services.customers import new_customer

PEOPLE = (
    ("shopper", "Léa Weber", "12, rue de la Gare", "1611", "Luxembourg", "LU"),
    ("marc", "Marc Schmit", "3, Kiischpelter Strooss", "9678", "Nothum", "LU"),
    ("ines", "Inês Ferreira", "45, avenue de la Liberté", "4601", "Differdange", "LU"),
    ("jonas", "Jonas Becker", "Simeonstraße 8", "54290", "Trier", "DE"),
    ("camille", "Camille Renard", "17, rue Serpenoise", "57000", "Metz", "FR"),
)


def plant(session: Session, world: dict[str, Any]) -> None:
    hashed = hash_password(world["password"])
    for store in world["stores"]:
        with use_context(replace(current_context(), tenant=store["tenant"], locale=store["locale"])):
            _people(session, store["code"], hashed)
            session.flush()


def _people(session: Session, store_code: str, hashed: str) -> None:
    regulars = CustomerGroup(code="regulars", name="Regulars")
    session.add(regulars)
    for position, (user, name, line1, postal_code, city, country) in enumerate(PEOPLE):
        customer = new_customer(session, email=f"{user}@{store_code}.example", name=name)
        customer.email_verified_at = datetime.now(UTC)
        given = {"name": name, "line1": line1, "postal_code": postal_code, "city": city, "country": country}
        save_address(session, customer.id, AddressInput.model_validate(given))
        if position == 0:
            session.add(Credential(customer_id=customer.id, password_hash=hashed))
        if position < 2:
            session.add(GroupMember(group_id=regulars.id, customer_id=customer.id))
