"""A revision that waits for a lock gives way, tries again, and tells who holds it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from orion_host.embedded import PostgresUrls
from orion_host.migrations.revisions import MigrationError
from orion_host.migrations.runner import Migrator
from orion_host.migrations.waiting import Patience
from tests.host.migrations.conftest import MakeModule
from tests.host.migrations.revisions import table

ADD = "op.add_column('a', sa.Column('b', sa.Integer), schema='apples')"
READ = "SELECT count(*) AS how_many_apples FROM apples.a"


@contextmanager
def reading(urls: PostgresUrls) -> Iterator[threading.Event]:
    """Hold a reader's lock on the table, as a long report does, until the event is set."""
    engine, holds, over = create_engine(urls.platform), threading.Event(), threading.Event()

    def read() -> None:
        with engine.connect() as connection:
            connection.execute(text(READ))
            holds.set()
            over.wait(30)

    reader = threading.Thread(target=read)
    reader.start()
    assert holds.wait(10)
    yield over
    over.set()
    reader.join()
    engine.dispose()


@pytest.fixture
def pending(empty: PostgresUrls, module: MakeModule) -> Iterator[Migrator]:
    """A table that is there, and a column that is still to be added to it."""
    first = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"))})
    first.upgrade()
    first.close()
    patience = Patience(seconds=0.6, tries=3, pause=0.1)
    migrator = Migrator(empty.owner, {"apples": module("apples", table("apples", "a"), ADD)}, patience=patience)
    yield migrator
    migrator.close()


def test_whoever_holds_the_lock_is_told_with_the_statement(empty: PostgresUrls, pending: Migrator) -> None:
    said: list[str] = []
    undone = "apples_0002 failed and was undone; apples stays at apples_0001"
    held = rf"(?s){undone}.*held by pid \d+ \(orion_platform, since \d+ s\): SELECT count.* AS how_many_apples"
    with reading(empty), pytest.raises(MigrationError, match=held):
        pending.upgrade(said.append)
    tries = [line for line in said if "no lock within 0.6 s" in line and "how_many_apples" in line]
    assert len(tries) == 2
    assert pending.applied() == {"apples": "apples_0001"}


def test_the_revision_is_tried_again_and_runs_once_the_lock_is_gone(empty: PostgresUrls, pending: Migrator) -> None:
    with reading(empty) as over:

        def report(line: str) -> None:
            if "trying again" in line:
                over.set()

        assert [step.id for step in pending.upgrade(report)] == ["apples_0002"]


def test_a_failure_of_another_kind_is_not_tried_again(empty: PostgresUrls, module: MakeModule) -> None:
    said: list[str] = []
    migrator = Migrator(empty.owner, {"apples": module("apples", "op.execute('SELECT 1/0')")})
    with pytest.raises(MigrationError, match="division by zero"):
        migrator.upgrade(said.append)
    assert len(said) == 1
    migrator.close()


def test_upgrades_wait_five_seconds_three_times() -> None:
    assert Patience().statement == "SET LOCAL lock_timeout = '5000ms'"
    assert Patience().tries == 3
