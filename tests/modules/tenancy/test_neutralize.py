"""In a neutralised copy nobody is signed in, nobody can be written to, and no domain leads to it."""

import pytest
from sqlalchemy.orm import Session

from orion_tenancy.models import Domain, Invitation, Merchant, Role, Store, User
from orion_tenancy.schemas import InvitationInput
from orion_tenancy.services.invitations import find_invitation, invite
from orion_tenancy.services.neutralize import neutralize
from orion_tenancy.services.scopes import acting_for, store_tenant
from orion_tenancy.services.sessions import find_session, open_session
from tests.modules.tenancy.tenants import Tenants

NOBODY: frozenset[str] = frozenset()


@pytest.fixture
def merchant(tenants: Tenants) -> Merchant:
    return tenants.merchant(tenants.platform())


@pytest.fixture
def store(tenants: Tenants, merchant: Merchant) -> Store:
    return tenants.store(merchant)


def test_sessions_end(session: Session, tenants: Tenants) -> None:
    token = open_session(session, tenants.user(), days=1, ip="::1", user_agent="x")
    session.flush()
    assert find_session(session, token) is not None
    assert neutralize(session, NOBODY)["sessions ended"] == 1
    assert find_session(session, token) is None


def test_open_invitations_are_withdrawn(session: Session, store: Store) -> None:
    with acting_for(session, store_tenant(session, store)):
        role = session.query(Role).filter_by(store_id=store.id, code="staff").one()
        _, token = invite(session, InvitationInput(email="neu@example.com", role_id=role.id))
    session.flush()
    assert find_invitation(session, token)
    assert neutralize(session, NOBODY)["invitations withdrawn"] == 1
    assert session.query(Invitation).count() == 0


def test_domains_count_no_longer(session: Session, store: Store) -> None:
    domain = Domain(platform_id=store.platform_id, store_id=store.id, host="mugs.lu", verification_token="t")
    session.add(domain)
    session.flush()
    session.execute(Domain.__table__.update().values(verified_at=Domain.created_at))  # type: ignore[attr-defined]
    assert neutralize(session, NOBODY)["domains unverified"] == 1
    session.refresh(domain)
    assert domain.verified_at is None


def test_addresses_lead_nowhere_but_those_that_are_kept(session: Session, tenants: Tenants, merchant: Merchant) -> None:
    lena, ada = tenants.user("lena@example.com"), tenants.user("ada@example.com")
    session.flush()
    done = neutralize(session, frozenset({"ada@example.com"}))
    for record in (lena, ada, merchant):
        session.refresh(record)
    assert lena.email == f"{lena.id}@example.invalid"
    assert ada.email == "ada@example.com"
    assert merchant.contact_email == f"{merchant.id}@example.invalid"
    assert done["addresses of users made undeliverable"] == 1
    assert neutralize(session, NOBODY)["addresses of users made undeliverable"] == 1
    assert session.query(User).filter(~User.email.endswith("@example.invalid")).count() == 0
