"""The module's migrations: one line, up and down, equal to the models, nothing left behind."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from orion_host.kit.findings import Found, check
from orion_host.kit.sources import parse
from orion_host.kit.subject import Subject


@check("revisions", "Its revisions are one labelled line")
def revisions(subject: Subject) -> Iterator[Found]:
    """Reads the headers of the files: names, label of the first, and that nothing uses Alembic's depends_on."""
    folder = subject.folder / "migrations"
    expected = re.compile(rf"{re.escape(subject.name)}_\d{{4}}")
    for path in sorted(folder.glob("*.py")):
        values, place = _header(path.read_text(encoding="utf-8")), f"migrations/{path.name}"
        revision = str(values.get("revision", ""))
        if not expected.fullmatch(revision):
            yield Found(place, f"is revision {revision!r}.", f"Call it {subject.name}_NNNN.")
        elif not path.name.startswith(f"{revision}_"):
            yield Found(place, f"is revision {revision!r}.", f"Name its file {revision}_….py.")
        is_first, labels = values.get("down_revision") is None, values.get("branch_labels")
        if is_first and labels not in (subject.name, (subject.name,), [subject.name]):
            yield Found(place, "is the first but has no label.", f'Write branch_labels = ("{subject.name}",).')
        if values.get("depends_on"):
            yield Found(place, "uses depends_on.", "Name the revision in `requires`; the planner orders them.")


def _header(text: str) -> dict[str, object]:
    """Return the plain values a revision assigns; what is no Python is told when it is run."""
    values: dict[str, object] = {}
    with suppress(SyntaxError):
        for node in parse(text).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                with suppress(ValueError):
                    values[node.targets[0].id] = ast.literal_eval(node.value)
    return values


@check("migrations", "Its migrations run up, down and up again", needs="assembly")
def migrations(subject: Subject) -> Iterator[Found]:
    """Runs them on a real database, after those of what it requires and of nothing else."""
    if subject.trial.error:
        yield Found("migrations", f"do not run: {subject.trial.error}", "")


@check("drift", "Models and migrations agree", needs="tables")
def drift(subject: Subject) -> Iterator[Found]:
    """Compares the migrated tables with the models, column by column."""
    for difference in subject.trial.drift:
        fix = f"Run `orion db revision {subject.name} -m '…' --autogenerate`, or correct the migration."
        yield Found("migrations", f"differ from the models: {difference}.", fix)


@check("leftovers", "Going back leaves nothing", needs="tables")
def leftovers(subject: Subject) -> Iterator[Found]:
    """Lists everything in the database before the first upgrade and after the last downgrade."""
    for left in subject.trial.left:
        yield Found("migrations", f"leave {left}.", "Drop it in downgrade().")


CHECKS = (revisions, migrations, drift, leftovers)
