"""Merchants and the one way their state changes."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from orion_core.events import publish
from orion_core.services.audit import audit
from orion_tenancy.events import MerchantStateChanged
from orion_tenancy.exceptions import CodeTaken, IllegalMerchantTransition
from orion_tenancy.models import Merchant, MerchantOwner, MerchantStateChange, Platform, User
from orion_tenancy.schemas import MerchantInput
from orion_tenancy.services.listing import Key, take
from orion_tenancy.services.records import add_unique, get, get_locked, present_actor
from orion_tenancy.services.scopes import acting_for, merchant_tenant

TRANSITIONS: dict[str, frozenset[str]] = {
    "applied": frozenset({"in_review", "terminated"}),
    "in_review": frozenset({"active", "terminated"}),
    "active": frozenset({"suspended", "terminated"}),
    "suspended": frozenset({"active", "terminated"}),
    "terminated": frozenset(),
}


def create_merchant(session: Session, given: MerchantInput) -> Merchant:
    get(session, Platform, given.platform_id)
    merchant = Merchant(**given.model_dump(), state="applied")
    add_unique(session, merchant, CodeTaken(errors={"code": CodeTaken.title}))
    with acting_for(session, merchant_tenant(session, merchant)):
        _record(session, merchant, None, "")
        audit(session, "tenancy.create_merchant", merchant, code=merchant.code, name=merchant.name)
    return merchant


def change_merchant_state(
    session: Session, merchant_id: UUID, state: str, reason: str = "", version: int | None = None
) -> Merchant:
    merchant = get_locked(session, Merchant, merchant_id, version)
    old = merchant.state
    if state not in TRANSITIONS[old]:
        raise IllegalMerchantTransition(
            f"{merchant.name} is {old} and cannot become {state}", present=old, wanted=state
        )
    merchant.state = state
    with acting_for(session, merchant_tenant(session, merchant)):
        _record(session, merchant, old, reason)
        publish(
            session,
            MerchantStateChanged(merchant_id=merchant.id, old_state=old, new_state=state, reason=reason),
        )
        audit(session, "tenancy.change_merchant_state", merchant, old=old, new=state, reason=reason)
    return merchant


def get_merchant(session: Session, merchant_id: UUID) -> Merchant:
    return get(session, Merchant, merchant_id)


def list_merchants(
    session: Session, *, state: str = "", text: str = "", after: Key | None = None, limit: int = 20
) -> tuple[list[Merchant], Key | None]:
    statement = select(Merchant)
    if state:
        statement = statement.where(Merchant.state == state)
    if text:
        columns = (Merchant.name, Merchant.code, Merchant.contact_email)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return take(session, statement, Merchant, after=after, limit=limit)


def list_state_changes(session: Session, merchant_id: UUID) -> list[MerchantStateChange]:
    statement = select(MerchantStateChange).filter_by(merchant_id=merchant_id)
    return list(session.scalars(statement.order_by(MerchantStateChange.at.desc())))


def add_owner(session: Session, merchant: Merchant, user: User) -> None:
    """Make a user an owner of a merchant; fine if he is one."""
    values = {"merchant_id": merchant.id, "user_id": user.id}
    session.execute(insert(MerchantOwner).values(values).on_conflict_do_nothing())
    with acting_for(session, merchant_tenant(session, merchant)):
        audit(session, "tenancy.add_merchant_owner", merchant, user=user.email)


def list_owners(session: Session, merchant_id: UUID) -> list[User]:
    statement = select(User).join(MerchantOwner, MerchantOwner.user_id == User.id)
    return list(session.scalars(statement.where(MerchantOwner.merchant_id == merchant_id).order_by(User.name)))


def _record(session: Session, merchant: Merchant, old: str | None, reason: str) -> None:
    session.add(
        MerchantStateChange(
            merchant_id=merchant.id,
            old_state=old,
            new_state=merchant.state,
            reason=reason,
            actor_name=present_actor().name,
        )
    )
