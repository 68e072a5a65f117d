"""Consents with proof: each giving and withdrawing is a row of its own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.context import current_context
from orion_core.services.settings import get_settings
from orion_customers.config import CustomersConfig
from orion_customers.models import Consent


def record_consent(session: Session, customer_id: UUID, purpose: str, *, given: bool) -> None:
    """Write down that a consent was given or withdrawn; repeating the present state writes nothing."""
    if present_consents(session, customer_id).get(purpose, False) == given:
        return
    context = current_context()
    proof = {"request_id": context.request_id, "area": str(context.area or "")}
    version = get_settings(session, CustomersConfig).consent_version
    session.add(Consent(customer_id=customer_id, purpose=purpose, given=given, text_version=version, proof=proof))
    session.flush()


def present_consents(session: Session, customer_id: UUID) -> dict[str, bool]:
    """Return which consents are given now, by purpose."""
    return {consent.purpose: consent.given for consent in list_consents(session, customer_id)}


def list_consents(session: Session, customer_id: UUID) -> list[Consent]:
    """Return all steps, oldest first."""
    return list(session.scalars(select(Consent).where(Consent.customer_id == customer_id).order_by(Consent.id)))
