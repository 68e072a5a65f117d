"""Measures what the kernel costs: start-up, ``orion --help``, modules that are installed but off, OpenAPI.

Sides alternate and medians are compared. Exit code 1 if a figure is worse than what is to be held.
"""

import asyncio
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from fastapi import FastAPI

from orion_core.db import Database
from orion_core.runtime import Runtime
from orion_host.assembly import InstalledModule, assemble
from orion_host.assembly.discovery import installed_modules
from orion_host.testing import SentTasks
from orion_host.web.app import create_app, module_gates
from orion_host.web.openapi import openapi_document
from tests.host.web import sample
from tests.running import ORION

HOLD = {
    "start-up / bare imports": 1.5,
    "orion --help, seconds": 0.5,
    "cost of one module that is off, of a request": 0.01,
}
MODULES, ROUTES = 13, 80
PATH = "/api/v1/stores/red/shelves"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

START = """
import sys, time
started = time.perf_counter()
from cryptography.fernet import Fernet, MultiFernet
from orion_core.db import Database
from orion_core.runtime import Runtime
from orion_host.assembly import assemble
from orion_host.background.sender import NullSender
from orion_host.web.app import create_app
assembly = assemble(policy="quarantine")
database = Database("{url}", "{url}")
cipher = MultiFernet([Fernet(Fernet.generate_key())])
create_app(assembly, Runtime(assembly=assembly, database=database, cipher=cipher, tasks=NullSender()))
print(time.perf_counter() - started)
print([name for name, module in sys.modules.items()
       if "site-packages" in str(getattr(module, "__file__", "")) and not name.startswith("orion_")])
"""
BARE = """
import importlib, time
started = time.perf_counter()
for name in {names}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # made by its package while that is imported
print(time.perf_counter() - started)
"""
PLUGIN = """
from orion_core import Area, ModuleDefinition, RouteSet, hookimpl
definition = ModuleDefinition(name="{name}", title="{name}")

@hookimpl
def orion_routes():
    from orion_core.web import Router, public
    from pydantic import BaseModel
    class Out(BaseModel):
        number: int
    router = Router()
    for number in range({routes}):
        def endpoint() -> Out:
            return Out(number=1)
        endpoint.__name__ = f"show_{{number}}"
        router.get(f"/{name}/things{{number}}/{{{{id}}}}", dependencies=[public])(endpoint)
    return [RouteSet(area=Area.STORE, api=router)]
"""


def main() -> int:
    """Run the benchmarks and return the exit code."""
    found = {
        "start-up / bare imports": start_up(),
        "orion --help, seconds": help_seconds(),
        "cost of one module that is off, of a request": modules_off(),
    }
    bad = {name: value for name, value in found.items() if value > HOLD[name]}
    for name, value in bad.items():
        print(f"worse than what is to be held: {name} {value:.2f} > {HOLD[name]}")
    return 1 if bad else 0


def start_up(rounds: int = 7) -> float:
    """Compare building the web application with importing the same libraries and nothing else."""
    names = _run(START.format(url=NOWHERE))[1]
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(float(_run(BARE.format(names=names))[0]))
        ours.append(float(_run(START.format(url=NOWHERE))[0]))
    ratio = statistics.median(ours) / statistics.median(bare)
    print(
        f"start-up of all modules   bare imports {statistics.median(bare):.2f} s   "
        f"Orion {statistics.median(ours):.2f} s   ratio {ratio:.2f}"
    )
    return ratio


def help_seconds(rounds: int = 9) -> float:
    """Return the median time of ``orion --help`` as a command."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run([*ORION, "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - started)
    median = statistics.median(times)
    print(f"orion --help              {median:.2f} s")
    return median


def modules_off(rounds: int = 9, requests: int = 400) -> float:
    """Return what one module that is installed but off adds to a request, as a share of it."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        modules = [_written(Path(folder), f"bulk{number}") for number in range(MODULES)]
        importlib.invalidate_caches()
        without, with_them = _app([]), _app(modules)
        sample.directory.off = frozenset(module.name for module in modules)
        times: dict[str, list[float]] = {"without": [], "off": []}
        for _ in range(rounds + 1):
            times["without"].append(_per_request(without, requests))
            times["off"].append(_per_request(with_them, requests))
        median = {side: statistics.median(values[1:]) for side, values in times.items()}
        share = (median["off"] - median["without"]) / MODULES / median["without"]
        print(
            f"a request                 without {median['without']:.0f} us   with {MODULES} modules of {ROUTES} routes "
            f"off {median['off']:.0f} us   {share:+.1%} each"
        )
        _openapi(modules)
        sys.path.remove(folder)
    return share


def _openapi(modules: list[InstalledModule]) -> None:
    gates = module_gates(assemble([*_core(), *modules]))
    started = time.perf_counter()
    size = len(json.dumps(openapi_document(modules[0].name, gates)))
    one = time.perf_counter() - started
    started = time.perf_counter()
    for module in modules[1:]:
        openapi_document(module.name, gates)
    rest = time.perf_counter() - started
    print(
        f"OpenAPI                   one module of {ROUTES} routes {one * 1000:.0f} ms, {size // 1024} KiB, when first"
        f" asked for; all {MODULES * ROUTES} routes {one + rest:.2f} s"
    )


def _core() -> list[InstalledModule]:
    return [module for module in installed_modules() if module.name == "core"]


def _app(modules: list[InstalledModule]) -> FastAPI:
    own = InstalledModule(name="shelves", plugin=sample.__name__, distribution="tests", version="1")
    assembly = assemble([*_core(), own, *modules])
    database, cipher = Database(NOWHERE, NOWHERE), MultiFernet([Fernet(Fernet.generate_key())])
    return create_app(assembly, Runtime(assembly=assembly, database=database, cipher=cipher, tasks=SentTasks()))


def _per_request(app: Callable[..., Any], requests: int) -> float:
    """Return the microseconds of a request whose route comes after those of all modules that are off."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer keeper")],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200

    async def run() -> float:
        started = time.perf_counter()
        for _ in range(requests):
            await app({**scope}, receive, send)
        return (time.perf_counter() - started) / requests * 1e6

    return asyncio.run(run())


def _written(folder: Path, name: str) -> InstalledModule:
    package = folder / f"bench_{name}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(PLUGIN.format(name=name, routes=ROUTES))
    return InstalledModule(name=name, plugin=f"bench_{name}.plugin", distribution=name, version="1")


def _run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
