"""What codes, host names and ids stand for."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from orion_core.ids import new_id
from orion_tenancy.schemas import PlatformChange
from orion_tenancy.services.directory import Directory
from orion_tenancy.services.merchants import change_merchant_state
from orion_tenancy.services.platforms import edit_platform
from orion_tenancy.services.stores import add_domain, confirm_domain, open_or_close
from tests.modules.tenancy.tenants import Tenants

directory = Directory()


def test_a_store_is_found_with_all_above_it(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    merchant = tenants.merchant(platform)
    store = tenants.store(merchant, "mugs", locale="fr", locales=["de"], currency="CHF")
    tenant = directory.find_store(session, "mugs")
    assert tenant
    assert tenant.store
    assert tenant.merchant
    assert (tenant.platform.id, tenant.merchant.id, tenant.store.id) == (platform.id, merchant.id, store.id)
    assert (tenant.store.locale, tenant.store.locales, tenant.store.currency) == ("fr", ("fr", "de"), "CHF")
    assert tenant.store.is_open


def test_a_closed_store_is_found_as_closed(session: Session, tenants: Tenants) -> None:
    store = tenants.store(tenants.merchant(tenants.platform()))
    open_or_close(session, store.id, is_open=False)
    tenant = directory.find_store(session, store.code)
    assert tenant
    assert tenant.store
    assert not tenant.store.is_open


@pytest.mark.parametrize(("state", "reachable", "open_"), [("suspended", True, False), ("terminated", False, False)])
def test_the_merchants_state_decides(
    session: Session, tenants: Tenants, state: str, *, reachable: bool, open_: bool
) -> None:
    merchant = tenants.merchant(tenants.platform())
    store = tenants.store(merchant)
    change_merchant_state(session, merchant.id, state)
    tenant = directory.find_store(session, store.code)
    assert (tenant is not None) is reachable
    assert (directory.find_merchant(session, merchant.code) is not None) is reachable
    if tenant and tenant.store:
        assert tenant.store.is_open is open_


def test_an_applicant_reaches_its_portal(session: Session, tenants: Tenants) -> None:
    merchant = tenants.merchant(tenants.platform(), state="applied")
    tenant = directory.find_merchant(session, merchant.code)
    assert tenant
    assert tenant.merchant
    assert tenant.store is None


def test_nothing_of_an_inactive_platform_is_found(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform(domain="north.example")
    merchant = tenants.merchant(platform)
    store = tenants.store(merchant)
    edit_platform(session, platform.id, PlatformChange(name="North", domain="north.example"), None)
    assert directory.platforms(session) == []
    assert directory.find_store(session, store.code) is None
    assert directory.find_merchant(session, merchant.code) is None
    assert directory.find_domain(session, "north.example") is None


def test_a_domain_counts_once_it_is_confirmed(session: Session, tenants: Tenants) -> None:
    store = tenants.store(tenants.merchant(tenants.platform()))
    domain = add_domain(session, store, "mugs.example")
    assert directory.find_domain(session, "mugs.example") is None
    confirm_domain(session, domain.id)
    tenant = directory.find_domain(session, "mugs.example")
    assert tenant
    assert tenant.store
    assert tenant.store.id == store.id


def test_a_platforms_domain_and_the_names_below_it_are_found(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform(domain="north.example")
    store = tenants.store(tenants.merchant(platform), "mugs")
    other = tenants.store(tenants.merchant(tenants.platform("south"), "away"), "bowls")
    front, shop = (directory.find_domain(session, host) for host in ("north.example", "mugs.north.example"))
    assert front
    assert (front.platform.id, front.store) == (platform.id, None)
    assert shop
    assert shop.store
    assert shop.store.id == store.id
    assert directory.find_domain(session, f"{other.code}.north.example") is None


def test_ids_lead_back_to_their_tenant(session: Session, tenants: Tenants) -> None:
    store = tenants.store(tenants.merchant(tenants.platform()))
    ids = {"platform_id": store.platform_id, "merchant_id": store.merchant_id}
    assert directory.find_tenant(session, **ids, store_id=store.id) == directory.find_store(session, store.code)
    found = directory.find_tenant(session, **ids)
    assert found
    assert found.store is None
    assert directory.find_tenant(session, platform_id=new_id(), store_id=store.id) is None
    assert directory.find_tenant(session, platform_id=uuid4()) is None


def test_work_for_a_terminated_merchant_still_finds_its_place(session: Session, tenants: Tenants) -> None:
    merchant = tenants.merchant(tenants.platform())
    store = tenants.store(merchant)
    change_merchant_state(session, merchant.id, "terminated")
    ids = {"platform_id": store.platform_id, "merchant_id": merchant.id}
    for found in (
        directory.find_tenant(session, **ids),
        directory.find_tenant(session, **ids, store_id=store.id),
    ):
        assert found
        assert found.merchant
        assert found.merchant.id == merchant.id
