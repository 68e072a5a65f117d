"""The module starts cheaply, and without every neighbour it does not require; seen in a fresh interpreter."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import NotCheckable, Subject

HEAVY = ("alembic", "babel", "celery", "fastapi", "jinja2", "pydantic", "sqlalchemy", "starlette", "stripe", "typer")
"""Libraries that importing a plugin.py must not load; ``orion --help`` imports them all."""


@check("light-plugin", "Importing its plugin.py loads nothing heavy")
def light_plugin(subject: Subject) -> Iterator[Found]:
    """Imports it in a fresh interpreter and looks which libraries came along: every command pays for them."""
    answer = _fresh({"what": "light", "plugin": subject.installed.plugin, "heavy": HEAVY})
    for library in answer["loaded"]:
        yield Found("plugin.py", f"loads {library}.", "Import it inside the hook that needs it.")


@check("neighbours", "It starts without each module it does not require", needs="assembly")
def neighbours(subject: Subject) -> Iterator[Found]:
    """Assembles it in fresh processes in which each optional neighbour, and then all of them, cannot be imported."""
    sets = _absences(subject)
    if not sets:
        return
    question = {"what": "neighbours", "found": [asdict(module) for module in subject.found], "sets": sets}
    for absent, problem in _fresh(question)["problems"]:
        yield Found(f"without {absent}", f"it does not assemble: {problem}", "Require it, or do without.")


def _absences(subject: Subject) -> list[list[str]]:
    """Return what to do without: each optional neighbour with all that needs it, and all of them together."""
    modules = subject.assembly.modules
    optional = [name for name in modules if name not in subject.required]
    sets = []
    for each in optional:
        absent = {each}
        for name in modules:  # in dependency order
            if absent.intersection(modules[name].definition.requires):
                absent.add(name)
        sets.append(sorted(absent))
    return [list(each) for each in dict.fromkeys(map(tuple, [*sets, sorted(optional)])) if each]


def _fresh(question: dict[str, Any]) -> dict[str, Any]:
    """Ask a fresh interpreter and return its answer.

    Raises:
        NotCheckable: If it fails.
    """
    answer = subprocess.run(
        [sys.executable, "-m", "orion_host.kit.fresh"],
        input=json.dumps(question),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if answer.returncode != 0:
        raise NotCheckable(f"a fresh interpreter failed: {answer.stderr.strip()}")
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


CHECKS = (light_plugin, neighbours)
