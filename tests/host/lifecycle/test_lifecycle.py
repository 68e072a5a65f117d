"""A process from start to end: what cannot take part is out and named, comes back when it can, and the rest serves."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from orion_host.assembly import InstalledModule, assemble
from orion_host.embedded import PostgresUrls
from orion_host.lifecycle import ModuleCannotStart, running
from orion_host.web.app import create_app
from tests.host.assembly.examples import Install
from tests.host.lifecycle.examples import CORE, Open, open_runtime, quarantine, upgrade

LIFE = """
said = []
@hookimpl
def orion_startup(host):
    said.append("start")
@hookimpl
def orion_shutdown(host):
    said.append("stop")
@hookimpl
def orion_routes():
    from orion_core.web import Router, public
    router = Router()
    router.get("/{0}", dependencies=[public])(lambda: "here")
    return [RouteSet(area=Area.PUBLIC, api=router)]
"""
FAILS = "@hookimpl\ndef orion_startup(host): raise ValueError('a secret')\n"
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "{0}_0001"
down_revision = None
branch_labels = ("{0}",)
requires = ()
def upgrade(): op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), schema="{0}")
def downgrade(): op.drop_table("thing", schema="{0}")
"""


def set_revision(urls: PostgresUrls, module: str, revision: str) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {module}.alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def with_table(install: Install, name: str = "alpha", **options: Any) -> InstalledModule:
    files = {f"migrations/{name}_0001_create.py": MIGRATION.format(name)}
    module: InstalledModule = install(name, LIFE.replace("{0}", name), files=files, **options)
    return module


def said(name: str) -> list[str]:
    words: list[str] = sys.modules[f"example_{name}.plugin"].said
    return words


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_module_whose_migration_is_pending_is_out_until_it_ran(
    install: Install, runtime: Open, urls: PostgresUrls
) -> None:
    beta = install("beta", LIFE.replace("{0}", "beta"), requires=("alpha",))
    assembly = quarantine(with_table(install), beta, install("gamma", LIFE.replace("{0}", "gamma")))
    here = runtime(assembly)
    with TestClient(create_app(assembly, here)) as web:

        def status(module: str) -> int:
            return web.get(f"/api/v1/public/{module}").status_code

        assert [status("alpha"), status("beta"), status("gamma")] == [404, 404, 200]
        ready = web.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert "run `orion db upgrade`" in ready.json()["modules"]["alpha"]
        assert ready.json()["modules"]["beta"] == "it requires alpha, which is out"
        assert (said("alpha"), said("gamma")) == ([], ["start"])
        upgrade(urls, assembly)
        until(lambda: status("alpha") == 200)
        assert status("beta") == 200
        assert web.get("/health/ready").json()["status"] == "ok"
        assert said("alpha") == ["start"]
    assert said("alpha") == said("gamma") == ["start", "stop"]


def test_a_module_whose_start_up_fails_is_out_with_those_that_require_it(install: Install, runtime: Open) -> None:
    beta = install("beta", LIFE.replace("{0}", "beta"), requires=("alpha",))
    assembly = quarantine(install("alpha", FAILS), beta, install("gamma", LIFE.replace("{0}", "gamma")))
    here = runtime(assembly)
    with running(assembly, here):
        assert list(here.standing.out()) == ["alpha", "beta"]
        assert here.standing.out()["alpha"] == "its start-up raised ValueError; the log says more"
        assert (said("beta"), said("gamma")) == ([], ["start"])
    assert said("beta") == []


@pytest.mark.parametrize("policy", ["strict", "quarantine"])
def test_a_start_up_that_must_not_fail_stops_the_process(policy: Any, install: Install, runtime: Open) -> None:
    tier = "CORE" if policy == "quarantine" else "OPTIONAL"
    gamma = install("gamma", LIFE.replace("{0}", "gamma"))
    assembly = assemble([*CORE, install("alpha", FAILS, tier=tier), gamma], policy=policy)
    with pytest.raises(ModuleCannotStart, match="alpha: its start-up raised ValueError"):
        with running(assembly, runtime(assembly)):
            pass
    assert said("gamma") == ["start", "stop"]


def test_a_core_module_whose_migration_is_pending_stops_the_process(install: Install, runtime: Open) -> None:
    assembly = quarantine(with_table(install, tier="CORE"))
    with pytest.raises(ModuleCannotStart, match="alpha: its tables are at nothing and its code needs alpha_0001"):
        with running(assembly, runtime(assembly)):
            pass


def test_older_code_does_not_start_on_newer_tables_but_goes_on_while_they_are_migrated(
    install: Install, runtime: Open, urls: PostgresUrls
) -> None:
    assembly = quarantine(with_table(install))
    upgrade(urls, assembly)
    before = runtime(assembly)
    with running(assembly, before, "web"):
        set_revision(urls, "alpha", "alpha_0002")
        after = runtime(assembly)
        with running(assembly, after):
            assert "alpha_0002, which is newer than its code (alpha_0001)" in after.standing.out()["alpha"]
        time.sleep(2.5)  # longer than the time between two looks
        assert before.standing.out() == {}


def test_a_process_starts_while_the_database_is_away(install: Install) -> None:
    assembly = quarantine(install("gamma", LIFE.replace("{0}", "gamma")))
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    here = open_runtime(assembly, nowhere, nowhere)
    with TestClient(create_app(assembly, here)) as web:
        assert web.get("/health/live").status_code == 200
        assert web.get("/health/ready").status_code == 503
        assert web.get("/api/v1/public/gamma").status_code == 200
