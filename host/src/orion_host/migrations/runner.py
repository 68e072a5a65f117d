"""Runs migration plans: under one lock, each revision in its own transaction, as the owner of the schemas."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text

from orion_host.assembly.assembly import Policy
from orion_host.migrations.heads import applied_revisions
from orion_host.migrations.planner import Plan, plan_downgrade, plan_upgrade
from orion_host.migrations.revisions import Branch, MigrationError, Revision
from orion_host.migrations.schemas import protect_versions
from orion_host.migrations.standing import ModuleStatus, standing
from orion_host.migrations.steps import tried
from orion_host.migrations.waiting import Patience, is_lock_timeout, watching

LOCK = 0x0510_0001
"""Key of the advisory lock that lets one upgrade run at a time."""

Report = Callable[[str], None]


def say_nothing(_line: str) -> None:
    """Report to nobody."""


class Migrator:
    """Brings the database to the revisions that the installed modules ship.

    Args:
        url: URL of the role that owns the schemas.
        folders: Module name to its ``migrations`` folder, in dependency order.
        policy: ``strict`` refuses to upgrade anything while one module cannot be; ``quarantine`` leaves it out.
        patience: How revisions wait for locks; five seconds, three times if omitted.
    """

    def __init__(
        self,
        url: str,
        folders: Mapping[str, Path],
        *,
        policy: Policy = "strict",
        patience: Patience | None = None,
    ) -> None:
        self.url = url
        self.folders = folders
        self.engine: Engine = create_engine(url, pool_size=1, max_overflow=2)
        self.policy = policy
        self.patience = patience or Patience()
        self.branches: dict[str, Branch] = {}
        self.unreadable: dict[str, str] = {}
        for module, folder in folders.items():
            try:
                self.branches[module] = Branch(module, folder)
            except MigrationError as error:
                self.unreadable[module] = error.detail
        self.revisions = {module: branch.revisions for module, branch in self.branches.items()}

    def on(self, url: str) -> "Migrator":
        """Return a migrator of the same modules for another database.

        Args:
            url: URL of the role that owns the schemas there.
        """
        return Migrator(url, self.folders, policy=self.policy, patience=self.patience)

    def applied(self) -> dict[str, str | None]:
        """Return the current revision of every module that has a version table, installed or not."""
        with self.engine.connect() as connection:
            return applied_revisions(connection)

    def plan(self) -> Plan:
        """Return the pending revisions in the order they would run, and which modules are left out.

        Raises:
            MigrationError: Under the strict policy, if one is left out; all of them are named.
        """
        plan = plan_upgrade(self.revisions, self.applied(), self.unreadable)
        if plan.left_out and self.policy == "strict":
            raise MigrationError("; ".join(plan.left_out.values()))
        return plan

    def status(self) -> list[ModuleStatus]:
        """Return where each module stands, those without a package included."""
        applied = self.applied()
        names = dict.fromkeys([*self.branches, *self.unreadable, *applied])
        return [standing(name, applied.get(name), self.branches.get(name), self.unreadable.get(name)) for name in names]

    def upgrade(self, report: Report = say_nothing, module: str | None = None) -> list[Revision]:
        """Run all pending revisions, or those of one module and what they need.

        Args:
            report: Is told each step, what is left out, and that another upgrade is being waited for.
            module: Stop once this module is at its head.

        Returns:
            The revisions that ran.

        Raises:
            MigrationError: If a revision fails; it is undone, its module stays at the revision before. Under the
                strict policy also, before anything runs, if a module cannot be brought to its head.
        """
        with self.locked(report) as connection:
            plan = self.plan()
            if module is not None and module in plan.left_out:
                raise MigrationError(plan.left_out[module])
            for name, reason in plan.left_out.items():
                report(f"{name}: left out: {reason}")
            with connection.begin():
                protect_versions(connection)
            steps = plan.steps if module is None else _needed_for(plan.steps, module)
            for revision in steps:
                report(f"{revision.module}: {revision.id} {revision.doc}")
                self.run(connection, revision, report)
            return steps

    def downgrade(self, module: str, target: str | None, report: Report = say_nothing) -> list[Revision]:
        """Take back a module's revisions down to ``target`` (``None``: all of them).

        Args:
            module: Name of an installed module.
            target: Revision to keep.
            report: Is told each step.

        Raises:
            MigrationError: If a module cannot be read, others need what would go, or a step fails.
        """
        with self.locked(report) as connection:
            if self.unreadable:
                raise MigrationError("; ".join(self.unreadable.values()))
            if module not in self.revisions:
                raise MigrationError(f"{module!r} is not installed or has no migrations folder")
            plan = plan_downgrade(self.revisions, self.applied(), module, target)
            for revision in plan:
                report(f"{revision.module}: back before {revision.id}")
                self.run(connection, revision, report, forward=False)
            return plan

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @contextmanager
    def locked(self, report: Report = say_nothing) -> Iterator[Connection]:
        """Keep everybody else from changing schemas while the block runs.

        Args:
            report: Is told that another one is being waited for.

        Yields:
            A connection of the owner, outside of a transaction.
        """
        with self.engine.connect() as connection:
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")):
                report("another upgrade is running; waiting for it")
                connection.scalar(text(f"SELECT pg_advisory_lock({LOCK})"))
            connection.commit()
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
                connection.commit()

    def run(
        self,
        connection: Connection,
        revision: Revision,
        report: Report = say_nothing,
        *,
        forward: bool = True,
        before_commit: Callable[[Connection], None] = lambda _: None,
    ) -> None:
        """Run one revision in a transaction of its own, or take it back; again if it waits in vain for a lock.

        Args:
            connection: From ``locked``.
            revision: The next one of its module; the present one to be taken back.
            report: Is told of each try that waited in vain.
            forward: ``False`` takes it back.
            before_commit: Looks at the transaction when the revision's work is done.

        Raises:
            MigrationError: If it fails; it is undone.
        """
        branch = self.branches[revision.module]
        for left in reversed(range(self.patience.tries)):
            with watching(self.engine, connection) as waiting:
                failure = tried(connection, branch, revision, self.patience, before_commit, forward=forward)
            if failure is None:
                return
            if not (left and is_lock_timeout(failure)):
                stays = revision.down if forward else revision.id
                fact = f"{revision.id} failed and was undone; {revision.module} stays at {stays}: {failure}{waiting}"
                raise MigrationError(fact) from failure
            report(f"{revision.id}: no lock within {self.patience.seconds:g} s{waiting}; trying again")
            time.sleep(self.patience.pause)


def _needed_for(plan: list[Revision], module: str) -> list[Revision]:
    needed: set[str] = set()
    chosen: list[Revision] = []
    for revision in reversed(plan):
        if revision.module == module or revision.id in needed:
            needed.update(revision.requires)
            needed.update([revision.down] if revision.down else [])
            chosen.append(revision)
    return list(reversed(chosen))
