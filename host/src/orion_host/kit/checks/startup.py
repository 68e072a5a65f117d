"""The module starts cheaply, and without every neighbour it does not require; seen in a fresh interpreter."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject

HEAVY = ("alembic", "babel", "celery", "fastapi", "jinja2", "pydantic", "sqlalchemy", "starlette", "stripe", "typer")
"""Libraries that importing a plugin.py must not load; ``orion --help`` imports them all."""


@check("light-plugin", "Importing its plugin.py loads nothing heavy")
def light_plugin(subject: Subject) -> Iterator[Found]:
    """Imports it in a fresh interpreter and looks which libraries came along: every command pays for them."""
    found = _fresh("orion_host.kit.fresh", "light", subject)
    for library in found.get("loaded", ()):
        yield Found("plugin.py", f"loads {library}.", "Import it inside the hook that needs it.")


@check("neighbours", "It starts without each module it does not require", needs="assembly")
def neighbours(subject: Subject) -> Iterator[Found]:
    """Assembles it in fresh processes in which each optional neighbour, and then all of them, cannot be imported."""
    found = _fresh("orion_host.kit.fresh", "neighbours", subject)
    for absent, problem in found.get("problems", ()):
        yield Found(f"without {absent}", f"it does not assemble: {problem}", "Require it, or do without.")


def _fresh(script: str, what: str, subject: Subject) -> dict[str, Any]:
    """Ask a fresh interpreter and return its answer; a plugin.py that fails is another check's business."""
    question = {
        "what": what,
        "name": subject.name,
        "found": [asdict(module) for module in subject.found],
        "heavy": HEAVY,
    }
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    answer = subprocess.run(  # noqa: S603  this interpreter, on a script of our own
        [sys.executable, "-m", script],
        input=json.dumps(question),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if answer.returncode != 0:
        return {"problems": [["nothing", (answer.stderr.strip().splitlines() or ["it ended"])[-1]]]}
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return result


CHECKS = (light_plugin, neighbours)
