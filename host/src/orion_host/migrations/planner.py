"""The order in which pending revisions of several modules run: a pure function of what is shipped and applied."""

from collections.abc import Mapping, Sequence

from orion_host.migrations.revisions import MigrationError, Revision

Applied = Mapping[str, str | None]
"""Module name to the id of its current revision, ``None`` before the first."""


def plan_upgrade(branches: Mapping[str, Sequence[Revision]], applied: Applied) -> list[Revision]:
    """Return pending revisions in an order that honours every ``requires``.

    Modules come in the order given; each revision runs as early as its needs allow.

    Args:
        branches: Revisions by module, oldest first, modules in dependency order.
        applied: The current revision of each module.

    Raises:
        MigrationError: If a required revision is not shipped, revisions wait for each other in a circle, or the
            database is newer than the code; all names are given.
    """
    done = _applied_ids(branches, applied)
    known = {revision.id for revisions in branches.values() for revision in revisions}
    waiting = {
        module: [revision for revision in revisions if revision.id not in done]
        for module, revisions in branches.items()
    }
    _refuse_unknown(waiting, known)
    plan: list[Revision] = []
    while any(waiting.values()):
        ready = next((queue for queue in waiting.values() if queue and done.issuperset(queue[0].requires)), None)
        if ready is None:
            stuck = ", ".join(
                f"{queue[0].id} (needs {', '.join(queue[0].requires)})" for queue in waiting.values() if queue
            )
            raise MigrationError(f"these revisions wait for each other: {stuck}")
        revision = ready.pop(0)
        done.add(revision.id)
        plan.append(revision)
    return plan


def plan_downgrade(
    branches: Mapping[str, Sequence[Revision]], applied: Applied, module: str, target: str | None
) -> list[Revision]:
    """Return the revisions of ``module`` to take back, newest first, down to but not including ``target``.

    Args:
        branches: Revisions by module, oldest first.
        applied: The current revision of each module.
        module: The module to take back.
        target: Revision to stop at; ``None`` takes all back.

    Raises:
        MigrationError: If the target is unknown or another module's applied revision needs one of these.
    """
    ids = [revision.id for revision in branches[module]]
    if target is not None and target not in ids:
        raise MigrationError(f"{module} has no revision {target!r}; it has {', '.join(ids)}")
    done = _applied_ids(branches, applied)
    keep = set(ids[: ids.index(target) + 1]) if target else set()
    back = [revision for revision in branches[module] if revision.id in done and revision.id not in keep]
    gone = {revision.id for revision in back}
    holders = [
        f"{other.id} needs {need}"
        for name, revisions in branches.items()
        for other in revisions
        if name != module and other.id in done
        for need in other.requires
        if need in gone
    ]
    if holders:
        raise MigrationError(f"{module} cannot go back: {'; '.join(holders)}. Downgrade those modules first.")
    return list(reversed(back))


def _applied_ids(branches: Mapping[str, Sequence[Revision]], applied: Applied) -> set[str]:
    done: set[str] = set()
    for module, revisions in branches.items():
        current, ids = applied.get(module), [revision.id for revision in revisions]
        if current is None:
            continue
        if current not in ids:
            raise MigrationError(
                f"the database has {module} at {current}, which the installed code does not know: "
                f"install the newer version of {module} again, or restore a backup"
            )
        done.update(ids[: ids.index(current) + 1])
    return done


def _refuse_unknown(waiting: Mapping[str, Sequence[Revision]], known: set[str]) -> None:
    missing = [
        f"{revision.id} needs {need}"
        for revisions in waiting.values()
        for revision in revisions
        for need in revision.requires
        if need not in known
    ]
    if missing:
        raise MigrationError(f"required revisions are not installed: {'; '.join(missing)}")
