"""The order in which pending revisions of several modules run: a pure function of what is shipped and applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orion_host.migrations.revisions import MigrationError, Revision

Applied = Mapping[str, str | None]
"""Module name to the id of its current revision, ``None`` before the first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upgrade would do.

    Args:
        steps: The revisions that can run, in order.
        left_out: The modules that would not come to their heads, each with the reason.
    """

    steps: list[Revision]
    left_out: dict[str, str]


def plan_upgrade(
    branches: Mapping[str, Sequence[Revision]], applied: Applied, unreadable: Mapping[str, str] | None = None
) -> Plan:
    """Return pending revisions in an order that honours every ``requires``, and what has to stay out of it.

    Modules come in the order given; each revision runs as early as its needs allow. A module that cannot be read or
    is newer in the database than the code is left out, and so is every pending revision that needs one of its.

    Args:
        branches: Revisions by module, oldest first, modules in dependency order.
        applied: The current revision of each module.
        unreadable: Installed modules whose revisions cannot be read, each with the reason.
    """
    left_out = dict(unreadable or {}) | _newer(branches, applied)
    sound = {module: revisions for module, revisions in branches.items() if module not in left_out}
    done = _applied_ids(sound, applied)
    waiting = {module: [each for each in revisions if each.id not in done] for module, revisions in sound.items()}
    steps: list[Revision] = []
    while ready := next((queue for queue in waiting.values() if queue and done.issuperset(queue[0].requires)), None):
        revision = ready.pop(0)
        done.add(revision.id)
        steps.append(revision)
    known = {revision.id: revision.module for revisions in branches.values() for revision in revisions}
    for module, queue in waiting.items():
        if queue:
            left_out[module] = _why_stuck(queue[0], done, known, left_out)
    return Plan(steps, left_out)


def _newer(branches: Mapping[str, Sequence[Revision]], applied: Applied) -> dict[str, str]:
    return {
        module: (
            f"the database has {module} at {current}, which the installed code does not know: "
            f"install the newer version of {module} again, or restore a backup"
        )
        for module, revisions in branches.items()
        if (current := applied.get(module)) is not None and current not in {revision.id for revision in revisions}
    }


def _why_stuck(revision: Revision, done: set[str], known: Mapping[str, str], left_out: Mapping[str, str]) -> str:
    needs = [need for need in revision.requires if need not in done]
    absent = [need for need in needs if need not in known and _module_of(need) not in left_out]
    if absent:
        return f"{revision.id} needs {', '.join(absent)}, which is not installed"
    held = [need for need in needs if known.get(need, _module_of(need)) in left_out]
    if held:
        return f"{revision.id} needs {', '.join(held)}, whose module is left out"
    return f"{revision.id} waits for {', '.join(needs)}"


def _module_of(revision_id: str) -> str:
    return revision_id.rpartition("_")[0]


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
        MigrationError: If the target is unknown, another module's applied revision needs one of these, or a module
            is newer than the code, for nobody can tell then what it needs.
    """
    newer = _newer(branches, applied)
    if newer:
        raise MigrationError("; ".join(newer.values()))
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
        if current is not None:
            done.update(ids[: ids.index(current) + 1])
    return done
