"""What start-up costs, measured in a process of its own."""

import json
import subprocess
import sys
from typing import Any

import pytest

from orion_host.assembly.discovery import installed_modules

HEAVY = ["sqlalchemy", "fastapi", "celery", "jinja2", "stripe"]
REPORT = f"import json, sys; print(json.dumps({{'heavy': [m for m in {HEAVY} if m in sys.modules], 'more': more}}))"


def run(code: str) -> dict[str, Any]:
    """Run code that sets ``more``, and return it with the heavy libraries that were imported."""
    done = subprocess.run([sys.executable, "-c", f"{code}\n{REPORT}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


@pytest.mark.parametrize("plugin", [module.plugin for module in installed_modules()])
def test_importing_a_plugin_is_cheap(plugin: str) -> None:
    assert run(f"import {plugin}; more = None")["heavy"] == []


def test_loading_what_is_installed_is_cheap() -> None:
    report = run("""
import time
from orion_host.assembly import load_modules
started = time.perf_counter()
loading = load_modules()
more = [time.perf_counter() - started, list(loading.modules)]
""")
    seconds, modules = report["more"]
    assert report["heavy"] == []
    assert "core" in modules
    # `orion --help` has half a second altogether; loading measured 0.02 s on a slow two-core machine.
    assert seconds < 0.25


def test_a_worker_assembles_without_fastapi() -> None:
    code = """
from orion_host.assembly import assemble, InstalledModule
core = InstalledModule(name="core", plugin="orion_core.plugin", distribution="core", version="0")
more = [name for name in assemble([core], web=False).modules]
"""
    report = run(code)
    assert report["more"] == ["core"]
    assert "fastapi" not in report["heavy"]
