"""The revisions a module ships, read from its ``migrations`` folder."""

from dataclasses import dataclass
from pathlib import Path

from alembic.script import Script, ScriptDirectory

from orion_core import OrionError

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
        MigrationError: If a file cannot be imported, the line forks, or an id lacks the module's prefix.
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

    def _read(self) -> list[Revision]:
        try:
            scripts = list(self.scripts.walk_revisions())
        except Exception as error:
            raise MigrationError(f"the migrations of {self.module} cannot be read: {error}") from error
        return [self._revision(script) for script in reversed(scripts)]

    def _revision(self, script: Script) -> Revision:
        if not script.revision.startswith(f"{self.module}_"):
            raise MigrationError(f"revision {script.revision!r} of {self.module} must start with {self.module}_")
        if script.is_merge_point or script.is_branch_point:
            raise MigrationError(f"the migrations of {self.module} fork at {script.revision}; keep one line")
        down = script.down_revision if isinstance(script.down_revision, str) else None
        requires = tuple(getattr(script.module, "requires", ()))
        return Revision(self.module, script.revision, down, requires, script.doc)
