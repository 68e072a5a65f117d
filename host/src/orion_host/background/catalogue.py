"""Which tasks and subscribers the installed modules bring, by name."""

from dataclasses import dataclass
from functools import cached_property

from orion_core import Subscriber
from orion_core.runtime import AssemblyView
from orion_core.tasks import TaskDefinition


@dataclass(frozen=True)
class Catalogue:
    """What can run in the background. The assembly has made sure that names are unique.

    Args:
        assembly: What is installed.
    """

    assembly: AssemblyView

    @cached_property
    def tasks(self) -> dict[str, TaskDefinition]:
        """Tasks by name."""
        return {definition.name: definition for _, definition in self.assembly.tasks}

    @cached_property
    def subscribers(self) -> dict[str, tuple[str, Subscriber]]:
        """Pairs of module name and subscriber, by the subscriber's id."""
        return {one.id: (module, one) for module, one in self.assembly.contributions("orion_subscribers")}

    @cached_property
    def by_event(self) -> dict[str, list[tuple[str, str]]]:
        """Pairs of module name and subscriber id, by event type."""
        found: dict[str, list[tuple[str, str]]] = {}
        for module, one in self.subscribers.values():
            event_type = one.event if isinstance(one.event, str) else one.event.type
            found.setdefault(event_type, []).append((module, one.id))
        return found


def module_of(name: str) -> str:
    """Return the module that a task belongs to."""
    return name.partition(".")[0]
