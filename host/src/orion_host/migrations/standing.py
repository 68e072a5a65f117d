"""Where a module stands in the database, compared with what its package ships."""

from dataclasses import dataclass

from orion_host.migrations.revisions import Branch


@dataclass(frozen=True, slots=True)
class ModuleStatus:
    """Where a module stands in the database.

    Args:
        module: Its name.
        current: Applied revision, ``None`` before the first.
        head: Newest shipped revision; ``None`` if the module is not installed or cannot be read.
        state: ``current``, ``pending``, ``absent`` (tables rest, package gone), ``newer`` than the code, or
            ``unreadable``.
        reason: Why it is unreadable.
    """

    module: str
    current: str | None
    head: str | None
    state: str
    reason: str = ""


def standing(module: str, current: str | None, branch: Branch | None, unreadable: str | None) -> ModuleStatus:
    """Return where one module stands.

    Args:
        module: Its name.
        current: Its applied revision.
        branch: What it ships; ``None`` if it is not installed or cannot be read.
        unreadable: Why it cannot be read.
    """
    if unreadable is not None:
        return ModuleStatus(module, current, None, "unreadable", unreadable)
    if branch is None:
        return ModuleStatus(module, current, None, "absent")
    if current == branch.head:
        return ModuleStatus(module, current, branch.head, "current")
    known = current is None or current in {revision.id for revision in branch.revisions}
    return ModuleStatus(module, current, branch.head, "pending" if known else "newer")
