"""Migrations on a real database: order, one at a time, a failure undone and named."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from orion_host.embedded import EmbeddedPostgres, PostgresUrls
from orion_host.migrations.revisions import MigrationError
from orion_host.migrations.runner import LOCK, Migrator

MakeModule = Callable[..., Path]


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[PostgresUrls]:
    name = f"empty_{uuid4().hex[:12]}"
    postgres.create_database(name)
    yield postgres.urls(name)
    postgres.drop_database(name)


@pytest.fixture
def module(tmp_path: Path) -> MakeModule:
    def make(name: str, *steps: str, requires: dict[int, tuple[str, ...]] | None = None) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for number, body in enumerate(steps, 1):
            down = f"{name}_{number - 1:04d}" if number > 1 else None
            (folder / f"{name}_{number:04d}_step.py").write_text(
                f'"""Step {number}."""\n'
                "import sqlalchemy as sa\nfrom alembic import op\n"
                f"revision = '{name}_{number:04d}'\ndown_revision = {down!r}\n"
                f"branch_labels = {(name,) if number == 1 else None!r}\n"
                f"requires = {(requires or {}).get(number, ())!r}\n"
                f"def upgrade():\n    {body}\n"
                "def downgrade():\n    pass\n"
            )
        return folder

    return make


def table(schema: str, name: str) -> str:
    return f"op.create_table('{name}', sa.Column('id', sa.Integer, primary_key=True), schema='{schema}')"


def migrator(urls: PostgresUrls, folders: dict[str, Path]) -> Migrator:
    return Migrator(urls.owner, folders)


def test_modules_interleave_and_stand_at_their_heads(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {
        "apples": module("apples", table("apples", "a"), table("apples", "b"), requires={2: ("pears_0001",)}),
        "pears": module("pears", table("pears", "p"), requires={1: ("apples_0001",)}),
    }
    it = migrator(empty, folders)
    assert [step.id for step in it.upgrade()] == ["apples_0001", "pears_0001", "apples_0002"]
    assert it.applied() == {"apples": "apples_0002", "pears": "pears_0001"}
    assert it.upgrade() == []
    it.close()


def test_a_failing_revision_leaves_its_module_at_the_one_before(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {"apples": module("apples", table("apples", "a"), f"{table('apples', 'b')}; op.execute('SELECT 1/0')")}
    it = migrator(empty, folders)
    with pytest.raises(MigrationError, match=r"apples_0002 failed and was undone; apples stays at apples_0001"):
        it.upgrade()
    assert it.applied() == {"apples": "apples_0001"}
    with it.engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('apples.b')")) is None
    module("apples", table("apples", "a"), table("apples", "b"))
    mended = migrator(empty, folders)
    assert [step.id for step in mended.upgrade()] == ["apples_0002"]
    it.close()
    mended.close()


def test_a_second_upgrade_waits_for_the_first(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {"apples": module("apples", table("apples", "a"))}
    engine = create_engine(empty.owner)
    said: list[str] = []
    waiting = threading.Event()

    def report(line: str) -> None:
        said.append(line)
        waiting.set()

    it = migrator(empty, folders)
    with engine.connect() as first:
        first.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        second = threading.Thread(target=it.upgrade, args=(report,))
        second.start()
        assert waiting.wait(10)
        assert said == ["another upgrade is running; waiting for it"]
        assert it.applied() == {}
        first.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
    second.join(10)
    assert it.applied() == {"apples": "apples_0001"}
    it.close()
    engine.dispose()


def test_a_module_whose_package_is_gone_rests(empty: PostgresUrls, module: MakeModule) -> None:
    folders = {"apples": module("apples", table("apples", "a")), "pears": module("pears", table("pears", "p"))}
    whole = migrator(empty, folders)
    whole.upgrade()
    module("apples", table("apples", "a"), table("apples", "b"))
    rest = migrator(empty, {"apples": folders["apples"]})
    assert [step.id for step in rest.upgrade()] == ["apples_0002"]
    assert {status.module: status.state for status in rest.status()} == {"apples": "current", "pears": "absent"}
    with rest.engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('pears.p')")) is not None
    whole.close()
    rest.close()


def test_the_application_may_use_tables_but_not_alter_them(empty: PostgresUrls, module: MakeModule) -> None:
    it = migrator(empty, {"apples": module("apples", table("apples", "a"))})
    it.upgrade()
    app = create_engine(empty.app)
    with app.connect() as connection:
        connection.execute(text("INSERT INTO apples.a VALUES (1)"))
        with pytest.raises(Exception, match="must be owner"):
            connection.execute(text("ALTER TABLE apples.a ADD COLUMN x int"))
    app.dispose()
    it.close()


@pytest.mark.parametrize(
    ("name", "text_", "message"),
    [
        ("prefix", "revision = 'wrong_0001'\ndown_revision = None", "must start with apples_"),
        ("broken", "import nowhere_at_all", "the migrations of apples cannot be read"),
    ],
)
def test_a_bad_revision_file_is_blamed_on_its_module(tmp_path: Path, name: str, text_: str, message: str) -> None:
    folder = tmp_path / "apples"
    folder.mkdir()
    (folder / f"{name}.py").write_text(f"{text_}\ndef upgrade(): pass\ndef downgrade(): pass\n")
    with pytest.raises(MigrationError, match=message):
        Migrator("postgresql+psycopg://nobody@localhost/none", {"apples": folder})
