"""The fleet: processes report what they run, differences are told, work waits for workers that can do it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from orion_core.db import platform_scope
from orion_core.runtime import Runtime, use_runtime
from orion_core.services import fleet
from orion_host.assembly import Assembly
from orion_host.fleet import Heartbeat, disagreements
from orion_host.lifecycle import Host, running
from orion_host.web.app import create_app
from tests.host.assembly.examples import Install
from tests.host.lifecycle.examples import Open, quarantine


@pytest.fixture
def report(runtime: Open) -> Iterator[Any]:
    """Return a function with which a process of some kind reports once."""
    with ExitStack() as stack:

        def report(assembly: Assembly, kind: Any) -> Runtime:
            here = runtime(assembly)
            stack.callback(here.database.close)
            Heartbeat(Host(assembly, here), kind, lambda _: None).beat()
            return here

        yield report


def live(here: Runtime) -> list[tuple[str, list[str]]]:
    with use_runtime(here), platform_scope("test") as session:
        return [(each.kind, sorted(each.modules)) for each in fleet.live_processes(session)]


def workers_run(session: Session) -> list[str] | None:
    found = fleet.modules_of_workers(session)
    return None if found is None else sorted(found)


def test_a_process_is_in_the_fleet_while_it_runs(install: Install, runtime: Open) -> None:
    assembly, watcher = quarantine(install("alpha")), runtime(quarantine())
    with running(assembly, runtime(assembly), "beat") as host:
        Heartbeat(host, "beat", lambda _: None).beat()
        assert ("beat", ["alpha", "core"]) in live(watcher)
    with running(assembly, runtime(assembly)):
        pass
    assert len(live(watcher)) == 1, "the first left, and one that is no part of the fleet never came"
    watcher.database.close()


def test_processes_with_different_modules_disagree_and_readiness_says_how(install: Install, report: Any) -> None:
    web = report(quarantine(install("alpha")), "web")
    assert TestClient(create_app(web.assembly, web)).get("/health/ready").json()["status"] == "ok"
    report(quarantine(), "worker")
    ready = TestClient(create_app(web.assembly, web)).get("/health/ready").json()
    assert ready["status"] == "degraded"
    assert ready["fleet"] == ["alpha is 1.0 (no tables) in web; not there in worker"]


def test_processes_with_the_same_modules_agree(install: Install, report: Any) -> None:
    assembly = quarantine(install("alpha"))
    here = report(assembly, "web")
    report(assembly, "worker")
    with use_runtime(here), platform_scope("test") as session:
        assert disagreements(fleet.live_processes(session)) == []


def test_only_what_every_live_worker_runs_can_be_handed_out(install: Install, report: Any) -> None:
    both = quarantine(install("alpha"), install("beta"))
    here = report(both, "web")
    with use_runtime(here), platform_scope("test") as session:
        assert workers_run(session) is None
    report(both, "worker")
    report(quarantine(install("alpha")), "worker")
    with use_runtime(here), platform_scope("test") as session:
        assert workers_run(session) == ["alpha", "core"]


def test_a_module_that_is_out_in_a_worker_gets_no_work_there(install: Install, report: Any) -> None:
    assembly = quarantine(install("alpha"))
    worker = report(assembly, "worker")
    worker.standing.settle({"alpha": "its start-up raised ValueError"})
    Heartbeat(Host(assembly, worker), "worker", lambda _: None).beat()
    with use_runtime(worker), platform_scope("test") as session:
        assert workers_run(session) == ["core"]
