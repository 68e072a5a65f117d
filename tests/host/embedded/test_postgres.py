"""The embedded PostgreSQL as its users see it: roles, databases, letters, a second start."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from orion_host.embedded import EmbeddedPostgres, EmbeddedServerError

# What the starter's environment may hold: a locale the machine lacks, and settings for another PostgreSQL.
STRANGE = {"LC_ALL": "xx_YY.bogus", "LANG": "zz", "TZ": "No/Where", "PGDATA": "/nowhere", "HOME": "/nowhere"}


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def value(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row
    return row[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    with pytest.MonkeyPatch.context() as environment:
        for name, setting in STRANGE.items():
            environment.setenv(name, setting)
        started = EmbeddedPostgres(folder, durable=False).start()
    yield started
    started.stop()


def test_owner_owns_the_database_and_may_create_schemas(server: EmbeddedPostgres) -> None:
    with connect(server.urls().owner) as owner:
        owner.execute("CREATE SCHEMA billing")
        owns = "SELECT datdba = 'orion_owner'::regrole FROM pg_database WHERE datname = 'orion'"
        assert value(owner, owns) is True


def test_other_roles_may_only_connect(server: EmbeddedPostgres) -> None:
    urls = server.urls()
    for url in (urls.app, urls.platform):
        with connect(url) as role:
            for refused in ("CREATE SCHEMA x", "CREATE TABLE public.x ()", "CREATE TEMP TABLE x ()"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    role.execute(refused.encode())


def test_no_role_has_a_power(server: EmbeddedPostgres) -> None:
    powers = "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
    with connect(server.urls().app) as app:
        assert value(app, "SELECT count(*) FROM pg_roles WHERE rolname ~ '^orion_' AND rolcanlogin") == 3
        assert value(app, f"SELECT count(*) FROM pg_roles WHERE rolname ~ '^orion_' AND ({powers})") == 0


def test_nobody_comes_in_without_a_password(server: EmbeddedPostgres) -> None:
    for user in ("postgres", "orion_owner"):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=server.port, user=user, password="", dbname="postgres")
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(server.superuser_dsn(), user="orion_owner")


def test_letters_beyond_ascii_are_letters(server: EmbeddedPostgres) -> None:
    with connect(server.urls().app) as app:
        assert value(app, "SELECT similarity('Привет мир', 'привет') > 0.6") is True
        assert value(app, "SELECT upper('größe')") == "GRÖßE"
        assert value(app, "SELECT unaccent('Crème')") == "Creme"
        assert value(app, "SHOW server_encoding") == "UTF8"


def test_created_database_is_like_orion_and_drops_under_open_connections(server: EmbeddedPostgres) -> None:
    name = 'it\'s a "test"/ö'
    server.create_database(name)
    server.create_database(name)
    with connect(server.urls(name).app) as app:
        extensions = "SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension"
        assert value(app, extensions) == ["btree_gist", "pg_trgm", "plpgsql", "unaccent"]
        server.drop_database(name)
        with pytest.raises(psycopg.OperationalError):
            app.execute("SELECT 1")
    server.drop_database(name)


def test_secrets_are_for_the_owner_only(server: EmbeddedPostgres, folder: Path) -> None:
    assert server.running
    for name in ("secrets.json", "server.log", "state.json", "data"):
        assert (folder / "postgres" / name).stat().st_mode & 0o077 == 0


def test_environment_of_the_starter_does_not_reach_the_server(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn()) as superuser:
        superuser.execute("CREATE TEMP TABLE environment (line text)")
        superuser.execute("COPY environment FROM PROGRAM 'env'")
        lines = superuser.execute("SELECT line FROM environment").fetchall()
        assert not {line for (line,) in lines if line.startswith(("LC_ALL=", "LANG=", "TZ=", "HOME="))}


def test_second_start_keeps_port_passwords_and_data(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path) as first:
        urls = first.urls()
        with connect(urls.owner) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            assert value(owner, "SHOW fsync") == "on"
            assert value(owner, "SHOW data_checksums") == "on"
            assert value(owner, "SHOW dynamic_shared_memory_type") == "mmap"
    assert not first.running
    with EmbeddedPostgres(tmp_path, durable=False) as second:
        assert second.urls() == urls
        with connect(urls.owner) as owner:
            assert value(owner, "SELECT answer FROM kept") == 42
            assert value(owner, "SHOW fsync") == "off"


def test_any_folder_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "a b'c\"d\\e$f" / "Ünïcödé Привет" / ("x" * 120)
    with EmbeddedPostgres(folder, durable=False) as started, connect(started.urls().app) as app:
        assert value(app, "SELECT 1") == 1


def test_start_from_a_thread_is_refused(tmp_path: Path) -> None:
    errors = []

    def start() -> None:
        with pytest.raises(EmbeddedServerError, match="from a thread") as caught:
            EmbeddedPostgres(tmp_path).start()
        errors.append(caught.value)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(errors) == 1
