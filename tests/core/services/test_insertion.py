"""Records written at once by one statement are what the ORM would have written, and are refused like its."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import UnmappedInstanceError

from orion_core.db import insert_all, unmanaged
from orion_core.ids import new_id
from orion_core.models import ApiKey, AuditEntry, NumberSeries
from tests.core.services.conftest import Work, a_store

ODD = "Zoé \N{HIGH VOLTAGE SIGN}"


def entry(action: str) -> AuditEntry:
    subject = {"subject_type": "core.thing", "subject_id": "1"}
    return unmanaged(
        AuditEntry,
        action=action,
        actor_kind="user",
        actor_name=ODD,
        changes={"a": [1, None]},
        request_id="r",
        **subject,
    )


def test_records_of_several_classes_are_written_with_their_defaults(work: Work) -> None:
    store = a_store()
    with work(store) as session:
        first, second = entry("core.first"), entry("core.second")
        insert_all(session, [first, unmanaged(NumberSeries, code="orders", period="2026"), second])
        assert not session.new
    with work(store) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.action)).all()
        assert [(each.id, each.action, each.changes) for each in found] == [
            (first.id, "core.first", {"a": [1, None]}),
            (second.id, "core.second", {"a": [1, None]}),
        ]
        assert {(each.store_id, each.actor_name) for each in found} == {(store.store_id, ODD)}
        assert all(each.at for each in found), "the database's own defaults apply"
        assert session.scalars(select(NumberSeries.period)).one() == "2026"


def test_what_the_database_refuses_is_raised_as_by_the_orm(work: Work) -> None:
    store, same = a_store(), new_id()
    with pytest.raises(IntegrityError), work(store) as session:
        insert_all(session, [unmanaged(NumberSeries, id=same, code="a"), unmanaged(NumberSeries, id=same, code="b")])


def test_a_row_of_another_tenant_is_refused(work: Work) -> None:
    mine, theirs = a_store(), a_store()
    with pytest.raises(ProgrammingError, match="row-level security"), work(mine) as session:
        insert_all(session, [unmanaged(NumberSeries, store_id=theirs.store_id, code="a")])


def test_a_class_that_json_cannot_carry_is_refused(work: Work) -> None:
    with pytest.raises(TypeError, match="secret_hash"), work(a_store()) as session:
        insert_all(session, [unmanaged(ApiKey, name="k")])


def test_nothing_is_written_for_nothing(work: Work) -> None:
    with work(a_store()) as session:
        insert_all(session, [])


def test_a_record_that_no_session_manages_is_read_like_any_other_and_not_changed() -> None:
    series = unmanaged(NumberSeries, store_id=new_id(), code="orders")
    assert (series.code, series.period, series.platform_id) == ("orders", "", None)
    with pytest.raises(AttributeError):
        series.code = "other"
    with pytest.raises(UnmappedInstanceError):
        Session().add(series)
    with pytest.raises(TypeError, match="NumberSeries has no kode"):
        unmanaged(NumberSeries, kode="orders")
