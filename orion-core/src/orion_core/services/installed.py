"""What the installed modules bring to the background, found by name; errors tell what there is instead."""

from difflib import get_close_matches

from orion_core.contributions import ScheduledTask, Subscriber
from orion_core.errors import NotFound
from orion_core.runtime import current_runtime
from orion_core.tasks import TaskDefinition


def find_task(name: str) -> tuple[str, TaskDefinition]:
    """Return a task and the module it belongs to.

    Raises:
        NotFound: If no installed module has such a task.
    """
    tasks = {definition.name: (module, definition) for module, definition in current_runtime().assembly.tasks}
    if name not in tasks:
        raise NotFound(f"there is no task {name!r}{_instead(name, list(tasks))}")
    return tasks[name]


def find_subscriber(subscriber_id: str) -> tuple[str, Subscriber]:
    """Return a subscriber and the module it belongs to.

    Raises:
        NotFound: If no installed module has such a subscriber.
    """
    found = current_runtime().assembly.contributions("orion_subscribers")
    subscribers: dict[str, tuple[str, Subscriber]] = {one.id: (module, one) for module, one in found}
    if subscriber_id not in subscribers:
        raise NotFound(f"there is no subscriber {subscriber_id!r}{_instead(subscriber_id, list(subscribers))}")
    return subscribers[subscriber_id]


def list_subscribers() -> list[str]:
    """Return the ids of all subscribers, by name."""
    return sorted(one.id for _, one in current_runtime().assembly.contributions("orion_subscribers"))


def find_entry(name: str) -> tuple[str, ScheduledTask]:
    """Return an entry of the schedule and the module it belongs to.

    Raises:
        NotFound: If no installed module schedules such an entry.
    """
    entries = {entry.name: (module, entry) for module, entry in list_entries()}
    if name not in entries:
        raise NotFound(f"the schedule has no entry {name!r}{_instead(name, list(entries))}")
    return entries[name]


def list_entries() -> list[tuple[str, ScheduledTask]]:
    """Return all entries of the schedule with the modules they belong to."""
    found = current_runtime().assembly.contributions("orion_tasks")
    return [(module, entry) for module, tasks in found for entry in tasks.schedule]


def event_type(subscriber: Subscriber) -> str:
    """Return the type of the events a subscriber wants."""
    return subscriber.event if isinstance(subscriber.event, str) else subscriber.event.type


def _instead(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, n=3) or sorted(names)[:10]
    return f"; did you mean {' or '.join(close)}?" if close else "; none is installed"
