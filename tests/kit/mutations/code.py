"""Faults in imports, hooks, settings, commands, tasks and events."""

from tests.kit.mutations.making import PACKAGE, add, fault, module

ARGS = """from pydantic import BaseModel, SecretStr

from orion_gadgets.services import entries


class Args(BaseModel):
    {field}
"""
FORGOTTEN = '''"""More."""

from orion_core.tasks import task
from sqlalchemy.orm import Session


@task("gadgets.forgotten")
def forgotten(session: Session) -> None:
    session.flush()
'''


CODE = [
    fault(
        "plugin.py imports something heavy",
        module("plugin.py", "from orion_core import (", "import sqlalchemy  # noqa: F401\nfrom orion_core import ("),
        checks="light-plugin",
        words="loads sqlalchemy",
    ),
    fault(
        "it imports the inside of another module",
        module(
            "subscribers.py",
            "from orion_gadgets.config",
            "from orion_tenancy.models import Store  # noqa: F401\n\nfrom orion_gadgets.config",
        ),
        checks="imports",
        words="orion_tenancy.models",
    ),
    fault(
        "it imports the host",
        module(
            "services/entries.py",
            "from orion_gadgets.events",
            "from orion_host.settings import HostSettings  # noqa: F401\n\nfrom orion_gadgets.events",
        ),
        checks="imports",
        words="orion_host",
    ),
    fault(
        "it imports a module it does not require",
        module("plugin.py", 'requires=("core", "tenancy")', 'requires=("core",)'),
        module(
            "subscribers.py",
            "from orion_gadgets.config",
            "from orion_tenancy.api import StoreCreated  # noqa: F401\n\nfrom orion_gadgets.config",
        ),
        checks="conflicts",
        words="does not require",
    ),
    fault(
        "it imports a library it does not declare",
        module(
            "services/entries.py", "from orion_core.errors", "import celery  # type: ignore\nfrom orion_core.errors"
        ),
        checks="dependencies",
        words="celery",
    ),
    fault(
        "a service commits",
        module(
            "services/entries.py",
            "    session.delete(entry)\n    session.flush()",
            "    session.delete(entry)\n    session.commit()",
        ),
        checks="commits",
    ),
    fault(
        "a hook is misspelt",
        module("plugin.py", "def orion_health(", "def orion_heath("),
        checks="hooks",
        words="orion_health",
    ),
    fault(
        "a hook returns something else",
        module("plugin.py", "    return TaskSet(packages", "    return list[str]() or dict(packages"),
        checks="contributions",
        words="orion_tasks returned",
    ),
    fault(
        "plugin.py does not compile",
        module("plugin.py", "@hookimpl\ndef orion_models", "@hookimpl\ndef def orion_models"),
        checks="definition",
    ),
    fault(
        "a required module is not there",
        module("plugin.py", 'requires=("core", "tenancy")', 'requires=("core", "tenacity")'),
        checks="definition",
        words="tenancy",
    ),
    fault(
        "a setting has no default",
        module("config.py", "Field(default=24, ", "Field("),
        checks="settings",
        words="no default",
    ),
    fault(
        "a setting has no description",
        module("config.py", ', description="Entries on a page of the shop"', ""),
        checks="settings",
        words="no description",
    ),
    fault(
        "a command has no help text",
        module("commands.py", '    """List a store\'s entries."""\n', ""),
        checks="commands",
    ),
]

BACKGROUND = [
    fault(
        "a task goes to a queue that is not there",
        module("tasks.py", 'queue="scheduled"', 'queue="schedule"'),
        checks="contributions",
        words="no queue 'schedule'",
    ),
    fault(
        "a task is not called after its module",
        module("tasks.py", '@task("gadgets.', '@task("gizmos.'),
        module("plugin.py", 'task="gadgets.', 'task="gizmos.'),
        checks="conflicts",
        words="not called after",
    ),
    fault(
        "a task takes more than plain values",
        module(
            "tasks.py",
            "from orion_gadgets.services import entries\n",
            ARGS.format(field='password: SecretStr = SecretStr("")'),
        ),
        module(
            "tasks.py",
            "def remove_hidden_entries(session: Session)",
            "def remove_hidden_entries(session: Session, args: Args)",
        ),
        checks="task-arguments",
        words="SecretStr",
    ),
    fault(
        "a task stands where no worker looks",
        add(
            f"{PACKAGE}/more_tasks.py",
            FORGOTTEN,
        ),
        checks="task-registration",
        words="gadgets.forgotten",
    ),
    fault(
        "the schedule names an unknown task",
        module(
            "plugin.py",
            'task="gadgets.remove_hidden_entries"',
            'task="gadgets.remove_hidden"',
        ),
        checks="conflicts",
        words="remove_hidden",
    ),
    fault(
        "the schedule has no valid time",
        module("plugin.py", 'cron="50 2 * * *"', 'cron="50 25 * * *"'),
        checks="conflicts",
        words="cron",
    ),
    fault(
        "a scheduled task needs arguments",
        module(
            "tasks.py",
            "from orion_gadgets.services import entries\n",
            ARGS.format(field="days: int"),
        ),
        module(
            "tasks.py",
            "def remove_hidden_entries(session: Session)",
            "def remove_hidden_entries(session: Session, args: Args)",
        ),
        checks="conflicts",
        words="needs arguments",
    ),
    fault(
        "an event has no version",
        module("events.py", "gadgets.entry_added.v1", "gadgets.entry_added"),
        checks="event-types",
    ),
    fault(
        "it listens to an event nobody publishes",
        module("plugin.py", "tenancy.store_created.v1", "tenancy.store_made.v1"),
        checks="subscribers",
        words="does not publish",
    ),
    fault(
        "a handler takes something else",
        module(
            "subscribers.py",
            "def welcome_store(session: Session, event: Mapping[str, Any])",
            "def welcome_store(event: Mapping[str, Any], *, session: Session)",
        ),
        checks="subscribers",
        words="cannot be called",
    ),
]
