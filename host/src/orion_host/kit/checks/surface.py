"""What operators see of the module: settings that explain themselves, commands with help."""

import inspect
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from orion_host.kit.checks.definition import problems_at
from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject


@check("settings", "Every setting has a default and a description")
def settings(subject: Subject) -> Iterator[Found]:
    """Looks at each field: a module has to start unconfigured, and an operator reads what a setting does."""
    yield from problems_at(subject, "settings")
    for cls in () if subject.problems else subject.items("orion_settings"):
        for name, field in cls.model_fields.items():
            if not field.description:
                fix = 'Write Field(..., description="...").'
                yield Found(f"{cls.__name__}.{name}", "has no description.", fix)


@check("commands", "Every command and option has a help text", needs="assembly")
def commands(subject: Subject) -> Iterator[Found]:
    """Walks the command group as ``--help`` does."""
    for group in subject.items("orion_commands"):
        if not group.registered_commands and not group.registered_groups:
            yield Found("commands.py", "offers no command.", "Leave orion_commands out.")
            continue
        yield from _helpless(get_command(group), f"orion {subject.name.replace('_', '-')}")


def _helpless(command: Any, name: str) -> Iterator[Found]:
    for each, below in getattr(command, "commands", {}).items():
        yield from _helpless(below, f"{name} {each}")
    if not hasattr(command, "commands"):
        if not inspect.cleandoc(command.help or ""):
            yield Found(name, "has no help text.", "Give its function a docstring.")
        for option in command.params:
            if option.name != "help" and not getattr(option, "help", None):
                yield Found(name, f"does not explain {option.name}.", 'Write Option(help="...").')


CHECKS = (settings, commands)
