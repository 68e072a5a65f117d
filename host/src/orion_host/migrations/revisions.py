"""The revisions a module ships, read from its ``migrations`` folder."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory

from orion_core import OrionError
from orion_host.migrations.heads import shipped_revisions

TEMPLATES = Path(__file__).parent / "template"


class MigrationError(OrionError):
    """A module's migrations cannot be read, ordered or run."""

    code = "migration_failed"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of one module's schema.

    Args:
        module: The module it belongs to.
        id: Unique over all modules, ``billing_0003``.
        down: The revision before it, ``None`` for the first.
        requires: Revisions of other modules that must stand before it.
        doc: What it does.
    """

    module: str
    id: str
    down: str | None
    requires: tuple[str, ...]
    doc: str


class Branch:
    """A module's line of revisions.

    Args:
        module: The module's name.
        folder: Its ``migrations`` folder.

    Raises:
        MigrationError: If a file cannot be imported, the line forks, or ids and file names are not as
            ``shipped_revisions`` needs them.
    """

    def __init__(self, module: str, folder: Path) -> None:
        self.module = module
        self.folder = folder
        self.scripts = ScriptDirectory(str(TEMPLATES), version_locations=[str(folder)])
        self.revisions = tuple(self._read())

    @property
    def head(self) -> str | None:
        """Id of the newest revision."""
        return self.revisions[-1].id if self.revisions else None

    def step(self, revision: Revision, *, forward: bool = True) -> Callable[[Any, Any], Any]:
        """Return what Alembic runs: one revision, or its way back.

        Args:
            revision: One of this branch.
            forward: ``False`` takes it back.
        """

        def steps(heads: Any, _context: Any) -> Any:
            if forward:
                return self.scripts._upgrade_revs(revision.id, heads)
            return self.scripts._downgrade_revs(revision.down or "base", heads)

        return steps

    def _read(self) -> list[Revision]:
        try:
            scripts = list(self.scripts.walk_revisions())
        except Exception as error:
            raise MigrationError(f"the migrations of {self.module} cannot be read: {error}") from error
        revisions = [self._revision(script) for script in reversed(scripts)]
        named = shipped_revisions(self.folder)
        if named != [revision.id for revision in revisions]:
            raise MigrationError(
                f"the files of {self.module}'s migrations must ascend as its revisions do, one for each: "
                f"by name they are {', '.join(named)}, by down_revision {', '.join(each.id for each in revisions)}"
            )
        return revisions

    def _revision(self, script: Script) -> Revision:
        if not re.fullmatch(rf"{self.module}_\d{{4}}", script.revision):
            raise MigrationError(
                f"revision {script.revision!r} of {self.module} must be {self.module}_ and four digits"
            )
        name = Path(script.path).name
        if not re.fullmatch(rf"{script.revision}(_\w+)?\.py", name):
            raise MigrationError(f"the file of revision {script.revision} must be named after it, not {name}")
        if script.is_merge_point or script.is_branch_point:
            raise MigrationError(f"the migrations of {self.module} fork at {script.revision}; keep one line")
        down = script.down_revision if isinstance(script.down_revision, str) else None
        requires = tuple(getattr(script.module, "requires", ()))
        return Revision(self.module, script.revision, down, requires, script.doc)
