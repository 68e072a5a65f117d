"""Every installed module keeps the promises that make a start cheap and a change safe."""

import subprocess
import sys

import pytest

from orion_host.assembly.discovery import installed_modules

HEAVY = ("sqlalchemy", "fastapi", "celery", "jinja2", "stripe", "pydantic", "typer")


@pytest.mark.parametrize("plugin", [module.plugin for module in installed_modules()])
def test_importing_a_plugin_loads_nothing_heavy(plugin: str) -> None:
    code = f"import sys, {plugin}; print([m for m in {HEAVY!r} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_help_loads_no_framework() -> None:
    code = (
        "import sys\n"
        "from orion_host.cli import main\n"
        "sys.argv = ['orion', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('sqlalchemy', 'fastapi', 'celery', 'jinja2', 'stripe') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"
    assert "catalog" in answer.stdout
