"""Nothing of one tenant is seen or changed from another: by the ORM, by Core, or by SQL written by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from orion_core.context import RequestContext, Tenant, use_context
from orion_host.testing import Stage
from orion_tenancy.models import Base, Invitation, Membership, Role, Store, User
from orion_tenancy.schemas import InvitationInput
from orion_tenancy.services.invitations import invite
from orion_tenancy.services.roles import list_roles
from orion_tenancy.services.scopes import acting_for, store_tenant
from orion_tenancy.services.team import add_member
from tests.modules.tenancy.tenants import Tenants

TABLES = sorted(table.name for table in Base.metadata.tables.values() if table.schema == "tenancy")
SECRET = ["credentials", "sessions"]


@dataclass
class Two:
    """Two stores of two merchants, each with a member of its own and an invitation."""

    mine: Tenant
    other: Tenant
    users: list[UUID]


@pytest.fixture
def two(stage: Stage, committed: Any) -> Two:
    def make(tenants: Tenants) -> Two:
        platform, made, users = tenants.platform(), [], []
        for code in ("mine", "other"):
            store = tenants.store(tenants.merchant(platform, f"{code}-merchant"), f"{code}-store")
            tenant, user = store_tenant(tenants.session, store), tenants.user(f"{code}@example.com")
            with acting_for(tenants.session, tenant):
                role = list_roles(tenants.session)[0]
                add_member(tenants.session, user, role)
                invite(tenants.session, InvitationInput(email=f"new-{code}@example.com", role_id=role.id))
            made.append(tenant)
            users.append(user.id)
        return Two(made[0], made[1], users)

    result: Two = committed(make)
    return result


@pytest.fixture
def inside(stage: Stage, two: Two) -> Iterator[Session]:
    """A session of the application role in the first store."""
    with use_context(RequestContext(tenant=two.mine)), stage.runtime.database.session() as session:
        yield session


def test_every_table_of_the_schema_is_under_forced_row_security(stage: Stage) -> None:
    with stage.runtime.database.platform_session() as session:
        rows = session.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
                " WHERE relnamespace = 'tenancy'::regnamespace AND relkind = 'r'"
                " AND relname <> 'alembic_version' ORDER BY relname"
            )
        )
        assert [tuple(row) for row in rows] == [(name, True) for name in TABLES]


@pytest.mark.parametrize("model", [Role, Membership, Invitation, Store, User])
def test_the_orm_sees_only_its_own(inside: Session, two: Two, model: Any) -> None:
    for row in inside.scalars(select(model)):
        owner = getattr(row, "store_id", None) or row.id
        assert owner in {two.mine.store.id, two.users[0]}  # type: ignore[union-attr]


@pytest.mark.parametrize("table", sorted(set(TABLES) - set(SECRET) - {"platforms"}))
def test_hand_written_sql_sees_nothing_of_the_other_store(inside: Session, two: Two, table: str) -> None:
    other = two.other
    assert other.store
    assert other.merchant
    foreign = {str(other.store.id), str(other.merchant.id), str(two.users[1]), "other@example.com"}
    for row in inside.execute(text(f"SELECT * FROM tenancy.{table}")):
        assert foreign.isdisjoint(map(str, row))


@pytest.mark.parametrize("table", SECRET)
def test_the_application_cannot_read_secrets_at_all(inside: Session, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        inside.execute(text(f"SELECT * FROM tenancy.{table}"))


def test_core_updates_do_not_reach_the_other_store(inside: Session, two: Two) -> None:
    assert two.other.store
    statement = update(Role).where(Role.store_id == two.other.store.id).values(name="mine now").returning(Role.id)
    assert inside.scalars(statement).all() == []


def test_rows_for_the_other_store_are_refused(inside: Session, two: Two) -> None:
    assert two.other.store
    inside.add(Role(store_id=two.other.store.id, code="spy", name="Spy", permissions=[]))
    with pytest.raises(ProgrammingError, match="row-level security"):
        inside.flush()


@pytest.mark.parametrize("table", ["platforms", "merchants", "stores", "users", "merchant_owners"])
def test_the_application_cannot_delete_tenants_or_users(inside: Session, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        inside.execute(text(f"DELETE FROM tenancy.{table}"))


def test_a_membership_cannot_name_a_role_of_another_store(stage: Stage, two: Two) -> None:
    assert two.mine.store
    assert two.other.store
    with use_context(RequestContext()), stage.runtime.database.platform_session() as session:
        foreign = session.scalars(select(Role).filter_by(store_id=two.other.store.id)).first()
        assert foreign
        session.add(Membership(store_id=two.mine.store.id, user_id=two.users[1], role_id=foreign.id))
        with pytest.raises(Exception, match="fk_memberships_store_id_role_id"):
            session.flush()


def test_without_a_tenant_nothing_is_seen(stage: Stage, two: Two) -> None:
    with use_context(RequestContext()), stage.runtime.database.session() as session:
        for table in sorted(set(TABLES) - set(SECRET) - {"platforms"}):
            assert session.execute(text(f"SELECT * FROM tenancy.{table}")).all() == []


def test_a_merchant_without_a_store_sees_all_its_stores(stage: Stage, two: Two) -> None:
    tenant = Tenant(platform=two.mine.platform, merchant=two.mine.merchant)
    with use_context(RequestContext(tenant=tenant)), stage.runtime.database.session() as session:
        assert two.mine.store
        assert list(session.scalars(select(Store.id))) == [two.mine.store.id]
