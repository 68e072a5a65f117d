"""A merchant's life: only the drawn ways, each with its history and event."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from orion_core.errors import StaleVersion
from orion_core.models import OutboxEvent
from orion_tenancy.exceptions import CodeTaken, IllegalMerchantTransition, MerchantNotActive
from orion_tenancy.models.tenants import STATES
from orion_tenancy.services.merchants import (
    TRANSITIONS,
    change_merchant_state,
    list_merchants,
    list_state_changes,
)
from tests.modules.tenancy.tenants import Tenants


def test_a_step_leaves_history_and_an_event_for_the_merchant(session: Session, tenants: Tenants) -> None:
    merchant = tenants.merchant(tenants.platform(), state="applied")
    change_merchant_state(session, merchant.id, "in_review", "all papers here")
    newest, first = list_state_changes(session, merchant.id)
    assert (newest.old_state, newest.new_state, newest.reason) == ("applied", "in_review", "all papers here")
    assert (first.old_state, first.new_state) == (None, "applied")
    event = session.scalars(select(OutboxEvent)).one()
    assert event.type == "tenancy.merchant_state_changed.v1"
    assert event.merchant_id == merchant.id
    assert event.payload["new_state"] == "in_review"


def test_an_illegal_step_is_refused_by_name(session: Session, tenants: Tenants) -> None:
    merchant = tenants.merchant(tenants.platform(), state="applied")
    with pytest.raises(IllegalMerchantTransition, match="Haff is applied and cannot become suspended"):
        change_merchant_state(session, merchant.id, "suspended")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.sampled_from(STATES), max_size=8))
def test_any_sequence_of_wishes_keeps_to_the_drawn_ways(session: Session, tenants: Tenants, wishes: list[str]) -> None:
    with session.begin_nested() as savepoint:
        merchant = tenants.merchant(tenants.platform(), state="applied")
        walked = ["applied"]
        for wish in wishes:
            if wish in TRANSITIONS[walked[-1]]:
                change_merchant_state(session, merchant.id, wish)
                walked.append(wish)
            else:
                with pytest.raises(IllegalMerchantTransition):
                    change_merchant_state(session, merchant.id, wish)
        assert merchant.state == walked[-1]
        history = [change.new_state for change in reversed(list_state_changes(session, merchant.id))]
        assert history == walked
        savepoint.rollback()


def test_terminated_is_the_end() -> None:
    assert not TRANSITIONS["terminated"]
    assert set(TRANSITIONS) == set(STATES)


def test_a_step_from_an_old_version_is_refused(session: Session, tenants: Tenants) -> None:
    merchant = tenants.merchant(tenants.platform(), state="applied")
    with pytest.raises(StaleVersion):
        change_merchant_state(session, merchant.id, "in_review", version=merchant.version + 1)


def test_a_code_is_used_once_and_the_transaction_goes_on(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    tenants.merchant(platform, "haff")
    with pytest.raises(CodeTaken):
        tenants.merchant(platform, "haff")
    assert len(list_merchants(session)[0]) == 1


@pytest.mark.parametrize("state", ["applied", "in_review", "suspended", "terminated"])
def test_only_an_active_merchant_opens_stores(tenants: Tenants, state: str) -> None:
    merchant = tenants.merchant(tenants.platform(), state=state)
    with pytest.raises(MerchantNotActive):
        tenants.store(merchant)


def test_merchants_are_listed_by_name_in_pages(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    for code in ("ccc", "aaa", "bbb"):
        tenants.merchant(platform, code, state="applied")
    first, key = list_merchants(session, limit=2)
    rest, end = list_merchants(session, after=key, limit=2)
    assert [merchant.code for merchant in (*first, *rest)] == ["aaa", "bbb", "ccc"]
    assert end is None


def test_merchants_are_filtered_by_state_and_text(session: Session, tenants: Tenants) -> None:
    platform = tenants.platform()
    tenants.merchant(platform, "haff", state="active")
    tenants.merchant(platform, "kontor", state="applied")
    assert [m.code for m in list_merchants(session, state="applied")[0]] == ["kontor"]
    assert [m.code for m in list_merchants(session, text="HAF")[0]] == ["haff"]
    assert list_merchants(session, text="%")[0] == []
