"""Writes ``docs/reference/`` from the code: ``python -m tests.architecture.reference``."""

import inspect
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from inspect import formatannotation
from pathlib import Path
from types import ModuleType

from pydantic.fields import FieldInfo

from orion_core import hookspecs
from orion_core.events import Event
from orion_host.assembly import InstalledModule, assemble, load_modules
from orion_host.kit.catalogue import CHECKS
from orion_host.settings import HostSettings
from tests.architecture.test_sizes import ROOT

FOLDER = ROOT / "docs/reference"


def hooks_page() -> str:
    """Return the page about hooks, from their specifications."""
    functions = [value for name, value in vars(hookspecs).items() if name.startswith("orion_")]
    parts = ["# Hooks", "", "Written from `orion_core/hookspecs.py`; `orion hooks` shows who implements which.", ""]
    for function in functions:
        signature = re.sub(r"\s+", " ", str(inspect.signature(function))).replace("'", "")
        parts += [f"## `{function.__name__}{signature}`", "", (inspect.getdoc(function) or "").strip(), ""]
    return "\n".join(parts)


def events_page() -> str:
    """Return the page about events, from the classes that modules publish."""
    parts = ["# Events", "", "Written from the modules' `events.py`. A subscriber may be named by type alone.", ""]
    for module in _installed():
        events = [
            value
            for value in vars(_part(module, "events") or object).values()
            if isinstance(value, type) and issubclass(value, Event) and value is not Event
        ]
        for event in sorted(events, key=lambda event: event.type):
            ordered = "" if event.aggregate_id is Event.aggregate_id else " In order per record."
            parts += [f"## `{event.type}`", "", f"{_sentence(event)}{ordered}", ""]
            parts += [f"- `{name}`: {formatannotation(field.annotation)}" for name, field in event.model_fields.items()]
            parts += [""]
    return "\n".join(parts)


def settings_page() -> str:
    """Return the page about settings: those of the installation, and each module's with its environment variable."""
    parts = ["# Settings", "", "Written from the settings classes.", "", "## The installation", ""]
    parts += ["From the environment only.", "", "| variable | default | what it is |", "|---|---|---|"]
    parts += [_row(f"ORION_{name.upper()}", field) for name, field in HostSettings.model_fields.items()]
    for module, settings in assemble(web=False).contributions("orion_settings"):
        parts += [
            "",
            f"## `{module}`",
            "",
            "The environment sets the default; platform, merchant and store may differ.",
        ]
        parts += ["", "| variable | default | what it is |", "|---|---|---|"]
        parts += [_row(settings.variable(name), field) for name, field in settings.model_fields.items()]
    return "\n".join([*parts, ""])


def _row(variable: str, field: FieldInfo) -> str:
    return f"| `{variable}` | `{field.default}` | {field.description} |"


def _installed() -> list[InstalledModule]:
    return list(load_modules().installed)


def _part(module: InstalledModule, name: str) -> ModuleType | None:
    found = f"{module.package}.{name}"
    return import_module(found) if find_spec(found) else None


def _sentence(event: type[Event]) -> str:
    return (event.__dict__.get("__doc__") or re.sub(r"(?<!^)(?=[A-Z])", " ", event.__name__).capitalize()).strip(
        ". "
    ) + "."


def commands_page() -> str:
    """Return the page about commands, from their help texts."""
    parts = ["# Commands", "", "Written from `orion --help`.", ""]
    for arguments in (
        [],
        ["db"],
        ["modules"],
        ["events"],
        ["tasks"],
        ["plugin"],
        ["core"],
        ["tenancy"],
        ["catalog"],
        ["customers"],
        ["inventory"],
        ["orders"],
    ):
        command = [sys.executable, "-m", "orion_host", *arguments, "--help"]
        environment = {"COLUMNS": "100", "TERM": "dumb", "PATH": ""}
        answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        text = answer.stdout.replace("python -m orion_host", "orion").replace("__main__.py", "orion").rstrip()
        parts += [f"## `{' '.join(['orion', *arguments])}`", "", "```text", text, "```", ""]
    return "\n".join(parts)


def checks_page() -> str:
    """Return the page about the conformance suite, from its checks."""
    parts = ["# Checks", "", "Written from `orion plugin check --list`; what every module, ours or yours, keeps.", ""]
    for each in CHECKS:
        parts += [f"## `{each.code}`", "", f"{each.title}. {each.proves}", ""]
    return "\n".join(parts)


def machines_page() -> str:
    """Return the page about the lives of records, drawn from the tables that modules publish."""
    parts = [
        "# State machines",
        "",
        "Written from what modules publish under `/api/v1/meta/state-machines`. The code refuses every",
        "step that is not here, by name.",
        "",
    ]
    for _, machine in assemble(web=False).contributions("orion_state_machines"):
        parts += [f"## `{machine.name}`", "", "```mermaid", "stateDiagram-v2"]
        parts += [f"    [*] --> {state}" for state in machine.initial]
        parts += [f"    {step.source} --> {step.target}" for step in machine.transitions]
        parts += [f"    {state} --> [*]" for state in machine.final]
        parts += ["```", "", "| from | to | who | condition |", "|---|---|---|---|"]
        parts += [
            f"| {step.source} | {step.target} | {', '.join(step.who)} | {step.guard} |" for step in machine.transitions
        ]
        parts += [""]
    return "\n".join(parts)


PAGES = {
    "hooks.md": hooks_page,
    "events.md": events_page,
    "settings.md": settings_page,
    "cli.md": commands_page,
    "checks.md": checks_page,
    "state-machines.md": machines_page,
}


def main() -> None:
    """Write all pages."""
    for name, write in PAGES.items():
        Path(FOLDER, name).write_text(write())


if __name__ == "__main__":
    main()
