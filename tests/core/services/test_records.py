"""Number series, idempotency, API keys and audit trail keep what they promise."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from orion_core.context import NOWHERE, RequestContext, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.ids import new_id
from orion_core.models import AuditEntry, IdempotencyRecord, NumberSeries
from orion_core.runtime import Runtime, use_runtime
from orion_core.services.api_keys import create_api_key, find_api_key, revoke_api_key
from orion_core.services.audit import audit
from orion_core.services.idempotency import IdempotencyKeyReused, forget_before, once
from orion_core.services.numbers import next_number
from tests.core.services.conftest import Work, a_store


class Rollback(Exception):
    """Ends a unit of work without its effects."""


def test_numbers_have_no_gaps_although_transactions_fail(runtime: Runtime) -> None:
    store = a_store()

    def take(attempt: int) -> int | None:
        try:
            with use_runtime(runtime), use_context(store), unit_of_work() as session:
                number = next_number(session, "invoice", "2026")
                if attempt % 3 == 0:
                    raise Rollback
                return number
        except Rollback:
            return None

    with ThreadPoolExecutor(8) as pool:
        taken = [number for number in pool.map(take, range(60)) if number is not None]
    assert sorted(taken) == list(range(1, 41))


def test_series_of_two_tenants_and_periods_do_not_meet(work: Work) -> None:
    first, second = a_store(), a_store()
    for place, period in ((first, "2026"), (second, "2026"), (first, "2027")):
        with work(place) as session:
            assert next_number(session, "invoice", period) == 1


def test_fifty_parallel_requests_with_one_key_have_one_effect(runtime: Runtime) -> None:
    store, effects = a_store(), []

    def act() -> tuple[int, bytes]:
        effects.append(1)
        return 201, b"made"

    def call(_: int) -> tuple[int, bytes]:
        with use_runtime(runtime), use_context(store), unit_of_work() as session:
            return once(session, "key-1", "ada", b"body", act)

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(call, range(50)))
    assert answers == {(201, b"made")}
    assert len(effects) == 1


def test_a_key_used_for_another_body_is_refused(work: Work) -> None:
    store = a_store()
    with work(store) as session:
        once(session, "key", "ada", b"one", lambda: (200, b""))
    with pytest.raises(IdempotencyKeyReused), work(store) as session:
        once(session, "key", "ada", b"two", lambda: (200, b""))


def test_a_request_that_failed_may_be_sent_again(work: Work) -> None:
    store = a_store()

    def fail() -> tuple[int, bytes]:
        raise Rollback

    with pytest.raises(Rollback), work(store) as session:
        once(session, "key", "ada", b"body", fail)
    with work(store) as session:
        assert once(session, "key", "ada", b"body", lambda: (200, b"ok")) == (200, b"ok")


def test_keys_of_different_callers_do_not_meet(work: Work) -> None:
    store = a_store()
    for caller in ("ada", "bob"):
        with work(store) as session:
            assert once(session, "key", caller, caller.encode(), lambda: (200, b"new")) == (200, b"new")


def test_old_keys_are_forgotten(work: Work, runtime: Runtime) -> None:
    with work(a_store()) as session:
        once(session, "old", "ada", b"", lambda: (200, b""))
    with use_runtime(runtime), use_context(NOWHERE), platform_scope("test") as session:
        forget_before(session, datetime.now(UTC) + timedelta(minutes=1))
        assert session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 0


def test_an_api_key_is_recognised_and_kept_as_a_hash(work: Work) -> None:
    store = a_store()
    with work(store) as session:
        key, token = create_api_key(session, "till", ["orders.view"])
        assert token.partition(".")[2].encode() not in key.secret_hash
    with work(store) as session:
        found = find_api_key(session, token)
        assert found is not None
        assert found.permissions == ["orders.view"]
        assert find_api_key(session, f"{token}x") is None
        assert find_api_key(session, "orion_unknown.secret") is None


def test_an_api_key_of_another_store_is_unknown(work: Work) -> None:
    with work(a_store()) as session:
        _, token = create_api_key(session, "till", [])
    with work(a_store()) as session:
        assert find_api_key(session, token) is None


def test_a_revoked_or_expired_api_key_is_useless(work: Work) -> None:
    store = a_store()
    with work(store) as session:
        key, revoked = create_api_key(session, "a", [])
        _, expired = create_api_key(session, "b", [], expires_at=datetime.now(UTC) - timedelta(seconds=1))
        revoke_api_key(session, key.id)
    with work(store) as session:
        assert find_api_key(session, revoked) is None
        assert find_api_key(session, expired) is None


def test_an_audit_entry_says_who_and_cannot_be_changed(work: Work) -> None:
    store = a_store()
    with work(store) as session:
        series = NumberSeries(code="x")
        session.add(series)
        audit(session, "core.test", series, was=1)
    with work(store) as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor_name, entry.action, entry.changes) == ("Ada", "core.test", {"was": 1})
        assert entry.subject_id == str(series.id)
    for statement in ("UPDATE core.audit_entry SET action = ''", "DELETE FROM core.audit_entry"):
        with pytest.raises(ProgrammingError, match="permission denied"), work(store) as session:
            session.execute(text(statement))


@pytest.mark.parametrize("place", [NOWHERE, RequestContext()])
def test_without_a_tenant_there_is_nothing(work: Work, place: RequestContext) -> None:
    with work(a_store()) as session:
        session.add(NumberSeries(code=str(new_id())))
    with work(place) as session:
        assert session.scalar(text("SELECT count(*) FROM core.number_series")) == 0
