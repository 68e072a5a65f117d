"""Single deliberate faults in the generated plugin, each with the checks that have to tell it and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "src/orion_gadgets"
MIGRATION = f"{PACKAGE}/migrations/gadgets_0001_create_entries.py"
LIST = f"{PACKAGE}/templates/gadgets/store/list.html"
FRENCH = f"{PACKAGE}/locales/fr/LC_MESSAGES/gadgets.po"
POLICY = '    op.create_tenant_policy("entries", schema=SCHEMA, scope="store")\n'

Change = Callable[[Path], None]


@dataclass(frozen=True)
class Mutation:
    """A fault.

    Args:
        fact: The fault, as a name of the test.
        changes: What makes it.
        checks: Codes of all checks that find something.
        words: Part of what is told.
    """

    fact: str
    changes: tuple[Change, ...]
    checks: frozenset[str]
    words: str = field(default="")


def swap(file: str, old: str, new: str) -> Change:
    """Replace a text that stands in a file."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text, f"{file} does not hold {old!r} any more"
        path.write_text(text.replace(old, new))

    return change


def add(file: str, text: str) -> Change:
    """Add a text at the end of a file, or make the file."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_text((path.read_text() if path.exists() else "") + text)

    return change


def fault(fact: str, *changes: Change, checks: str, words: str = "") -> Mutation:
    return Mutation(fact, changes, frozenset(checks.split()), words)


def module(file: str, old: str, new: str) -> Change:
    return swap(f"{PACKAGE}/{file}", old, new)


CHILD = """

class Note(StoreScoped, Identified, Base):
    __tablename__ = "notes"
    __table_args__ = ({reference},)

    entry_id: Mapped[UUID]
"""
NOTES = """    op.create_table(
        "notes",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        {reference}
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_notes")),
        schema=SCHEMA,
    )
    op.create_tenant_policy("notes", schema=SCHEMA, scope="store")
"""

TABLES = [
    fault(
        "a table stands outside its schema",
        module(
            "models.py",
            'UniqueConstraint("store_id", "title"),',
            'UniqueConstraint("store_id", "title"), {"schema": "tenancy"},',
        ),
        checks="contributions",
        words="belongs to schema",
    ),
    fault("a tenant's table has no policy", swap(MIGRATION, POLICY, ""), checks="tenant-policies tenant-isolation"),
    fault(
        "a policy is not forced",
        swap(MIGRATION, POLICY, POLICY + '    op.execute("ALTER TABLE gadgets.entries NO FORCE ROW LEVEL SECURITY")\n'),
        checks="tenant-policies",
        words="not forced",
    ),
    fault(
        "a policy lets everybody in",
        swap(MIGRATION, 'scope="store"', 'using="store_id IS NOT NULL"'),
        checks="tenant-isolation",
        words="another tenant read, change, remove, add to",
    ),
    fault(
        "a unique key does not begin with the tenant",
        module("models.py", 'UniqueConstraint("store_id", "title")', 'UniqueConstraint("title")'),
        swap(
            MIGRATION,
            'sa.UniqueConstraint("store_id", "title", name=op.f("uq_entries_store_id_title"))',
            'sa.UniqueConstraint("title", name=op.f("uq_entries_title"))',
        ),
        checks="tenant-keys",
        words="unique over title",
    ),
    fault(
        "a table of a store refers to another without the store",
        module("models.py", "from sqlalchemy import ", "from uuid import UUID\n\nfrom sqlalchemy import "),
        module(
            "models.py",
            "    is_shown: Mapped[bool] = mapped_column(default=False)\n",
            "    is_shown: Mapped[bool] = mapped_column(default=False)\n"
            + CHILD.format(reference='ForeignKeyConstraint(["entry_id"], ["gadgets.entries.id"])'),
        ),
        module(
            "models.py",
            'UniqueConstraint("store_id", "title")',
            'UniqueConstraint("store_id", "title"), UniqueConstraint("id", name="uq_entries_id")',
        ),
        swap(
            MIGRATION,
            POLICY,
            '    op.create_unique_constraint("uq_entries_id", "entries", ["id"], schema=SCHEMA)\n'
            + POLICY
            + NOTES.format(
                reference='sa.ForeignKeyConstraint(["entry_id"], ["gadgets.entries.id"], name=op.f("fk_notes_entry_id")),'
            ),
        ),
        swap(
            MIGRATION,
            '    op.drop_table("entries", schema=SCHEMA)',
            '    op.drop_table("notes", schema=SCHEMA)\n    op.drop_table("entries", schema=SCHEMA)',
        ),
        checks="tenant-references tenant-keys",
        words="without store_id",
    ),
    fault(
        "a price is a floating-point number",
        module(
            "models.py",
            "    is_shown: Mapped[bool]",
            "    price: Mapped[float] = mapped_column(default=0.0)\n    is_shown: Mapped[bool]",
        ),
        swap(
            MIGRATION,
            '        sa.Column("is_shown"',
            '        sa.Column("price", sa.Float(), nullable=False),\n        sa.Column("is_shown"',
        ),
        checks="money",
    ),
    fault(
        "a model has no migration",
        module(
            "models.py",
            "    is_shown: Mapped[bool]",
            "    colour: Mapped[str | None] = mapped_column(Text)\n    is_shown: Mapped[bool]",
        ),
        checks="drift",
        words="add_column",
    ),
    fault(
        "a migration has no model",
        swap(
            MIGRATION,
            '        sa.Column("is_shown"',
            '        sa.Column("colour", sa.Text(), nullable=True),\n        sa.Column("is_shown"',
        ),
        checks="drift",
        words="remove_column",
    ),
    fault(
        "a downgrade leaves a table",
        swap(MIGRATION, '    op.drop_table("entries", schema=SCHEMA)', "    pass"),
        checks="migrations",
    ),
    fault(
        "a downgrade leaves a type",
        swap(
            MIGRATION,
            "def upgrade() -> None:\n",
            'def upgrade() -> None:\n    op.execute("CREATE SEQUENCE IF NOT EXISTS gadgets.numbers")\n',
        ),
        checks="leftovers",
        words="sequence numbers",
    ),
    fault(
        "a revision is misnamed",
        swap(MIGRATION, 'revision = "gadgets_0001"', 'revision = "gizmos_0001"'),
        checks="revisions migrations",
    ),
    fault(
        "the first revision has no label",
        swap(MIGRATION, 'branch_labels = ("gadgets",)\n', ""),
        checks="revisions",
        words="no label",
    ),
    fault(
        "the revisions fork",
        *(
            add(
                f"{PACKAGE}/migrations/gadgets_000{number}_fork.py",
                f'"""A fork."""\n\nrevision = "gadgets_000{number}"\ndown_revision = "gadgets_0001"\nrequires = ()\n\n\n'
                "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n",
            )
            for number in (2, 3)
        ),
        checks="migrations",
        words="fork",
    ),
    fault(
        "a revision needs one that is not there",
        swap(MIGRATION, 'requires = ("tenancy_0001",)', 'requires = ("tenancy_0099",)'),
        checks="migrations",
        words="tenancy_0099",
    ),
]

ROUTES = [
    fault(
        "a route is not guarded",
        module("routes/shop_pages.py", ", dependencies=[public]", ""),
        module("routes/shop_pages.py", "next_cursor, public, render", "next_cursor, render"),
        checks="route-guards",
        words="0 guards",
    ),
    fault(
        "a route asks for an unknown permission",
        module("routes/store_api.py", 'requires("gadgets.edit_entries")', 'requires("gadgets.edit_entrys")'),
        checks="route-guards",
        words="gadgets.edit_entrys",
    ),
    fault(
        "a route asks for a permission of another area",
        module("routes/store_api.py", 'requires("gadgets.edit_entries")', 'requires("tenancy.manage_stores")'),
        checks="route-areas",
        words="admin area",
    ),
    fault(
        "an asynchronous route calls a service",
        module(
            "routes/store_pages.py",
            '@router.get("/new", dependencies=EDIT)\ndef new_entry(request: Request) -> Any:\n',
            '@router.get("/new", dependencies=EDIT)\nasync def new_entry(request: Request) -> Any:\n    time.sleep(0)\n',
        ),
        module(
            "routes/store_pages.py",
            "from typing import Annotated, Any\n",
            "import time\nfrom typing import Annotated, Any\n",
        ),
        checks="async-routes",
        words="time.sleep",
    ),
    fault(
        "an asynchronous route takes a session",
        module("routes/store_api.py", "def get_entry(", "async def get_entry("),
        checks="async-routes",
        words="takes a session",
    ),
    fault(
        "a menu item is there twice",
        module("plugin.py", 'id="gadgets.shop"', 'id="gadgets.entries"'),
        checks="conflicts",
        words="gadgets.entries",
    ),
    fault(
        "a menu item leads nowhere",
        module("plugin.py", '            route="/gadgets",\n', '            route="/gadgetz",\n'),
        checks="conflicts",
        words="/gadgetz",
    ),
]

PAGES = [
    fault(
        "a template does not escape", swap(LIST, "{{ row.title }}</a>", "{{ row.title|safe }}</a>"), checks="escaping"
    ),
    fault(
        "a template has an inline script",
        swap(LIST, '<div id="entries">', '<script>alert(1)</script>\n<div id="entries">'),
        checks="inline-code",
        words="inline script",
    ),
    fault(
        "a template has a style attribute",
        swap(LIST, '<div id="entries">', '<div id="entries" style="color: red">'),
        checks="inline-code",
        words="style attribute",
    ),
    fault(
        "a template does not compile",
        swap(LIST, "{% endblock %}", "{% endblok %}"),
        checks="templates",
        words="endblok",
    ),
    fault(
        "a page's template is not there",
        module("routes/store_pages.py", "gadgets/store/remove.html", "gadgets/store/removed.html"),
        checks="templates",
        words="removed.html",
    ),
    fault(
        "a slot's template is not there",
        module("plugin.py", "gadgets/slots/stats.html", "gadgets/slots/stat.html"),
        checks="templates slots",
    ),
    fault(
        "a translation is missing",
        swap(FRENCH, 'msgid "New entry"\nmsgstr "Nouvelle entrée"\n', ""),
        checks="translations",
        words="'New entry' is not there in fr",
    ),
    fault(
        "a translation is not sure",
        swap(FRENCH, 'msgid "New entry"', '#, fuzzy\nmsgid "New entry"'),
        checks="translations",
        words="fuzzy",
    ),
    fault(
        "a translation has another placeholder",
        swap(FRENCH, 'msgstr "Supprimer %(title)s"', 'msgstr "Supprimer %(titre)s"'),
        checks="placeholders",
    ),
]

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
            'from pydantic import BaseModel, SecretStr\n\nfrom orion_gadgets.services import entries\n\n\nclass Args(BaseModel):\n    password: SecretStr = SecretStr("")\n',
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
            '"""More."""\n\nfrom orion_core.tasks import task\nfrom sqlalchemy.orm import Session\n\n\n@task("gadgets.forgotten")\ndef forgotten(session: Session) -> None:\n    session.flush()\n',
        ),
        checks="task-registration",
        words="gadgets.forgotten",
    ),
    fault(
        "the schedule names an unknown task",
        module(
            "plugin.py",
            'ScheduledTask(task="gadgets.remove_hidden_entries"',
            'ScheduledTask(task="gadgets.remove_hidden"',
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
            "from pydantic import BaseModel\n\nfrom orion_gadgets.services import entries\n\n\nclass Args(BaseModel):\n    days: int\n",
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

MUTATIONS = [*TABLES, *ROUTES, *PAGES, *CODE, *BACKGROUND]
