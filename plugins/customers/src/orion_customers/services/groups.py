"""Customer groups: made by the store's team, who decides who is in them."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from orion_core.errors import Conflict, NotFound
from orion_core.services.audit import audit
from orion_customers.models import Customer, CustomerGroup, GroupMember
from orion_customers.schemas import GroupInput


def list_groups(session: Session) -> list[tuple[CustomerGroup, int]]:
    """Return the groups by name, each with the number of its members."""
    members = func.count(GroupMember.customer_id)
    statement = select(CustomerGroup, members).outerjoin(GroupMember, GroupMember.group_id == CustomerGroup.id)
    grouped = statement.group_by(CustomerGroup.store_id, CustomerGroup.id).order_by(CustomerGroup.name)
    return [(row[0], row[1]) for row in session.execute(grouped)]


def create_group(session: Session, given: GroupInput) -> CustomerGroup:
    if session.scalar(select(CustomerGroup.id).where(CustomerGroup.code == given.code)):
        raise Conflict("there is a group of this code already", errors={"code": "This code is already in use"})
    group = CustomerGroup(code=given.code, name=given.name)
    session.add(group)
    audit(session, "customers.create_group", group, code=given.code)
    return group


def delete_group(session: Session, code: str) -> None:
    group = get_group(session, code)
    audit(session, "customers.delete_group", group, code=code)
    session.delete(group)


def get_group(session: Session, code: str) -> CustomerGroup:
    group = session.scalars(select(CustomerGroup).where(CustomerGroup.code == code)).one_or_none()
    if group is None:
        raise NotFound(f"there is no group {code!r}")
    return group


def groups_of(session: Session, customer: Customer) -> tuple[str, ...]:
    """Return the codes of a customer's groups."""
    statement = select(CustomerGroup.code).join(GroupMember, GroupMember.group_id == CustomerGroup.id)
    found = session.scalars(statement.where(GroupMember.customer_id == customer.id).order_by(CustomerGroup.code))
    return tuple(found)


def put_into_groups(session: Session, customer: Customer, codes: Sequence[str]) -> None:
    """Make a customer a member of exactly these groups; unknown codes are left out."""
    session.execute(delete(GroupMember).where(GroupMember.customer_id == customer.id))
    groups = session.scalars(select(CustomerGroup).where(CustomerGroup.code.in_(list(codes)))).all()
    session.add_all(GroupMember(group_id=group.id, customer_id=customer.id) for group in groups)
    session.flush()
