"""Writes ``docs/reference/`` from the code: ``python -m tests.architecture.reference``."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

from orion_core import hookspecs
from orion_host.kit.catalogue import CHECKS
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


def commands_page() -> str:
    """Return the page about commands, from their help texts."""
    parts = ["# Commands", "", "Written from `orion --help`.", ""]
    for arguments in ([], ["db"], ["modules"], ["plugin"], ["tenancy"], ["catalog"]):
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


PAGES = {"hooks.md": hooks_page, "cli.md": commands_page, "checks.md": checks_page}


def main() -> None:
    """Write all pages."""
    for name, write in PAGES.items():
        Path(FOLDER, name).write_text(write())


if __name__ == "__main__":
    main()
