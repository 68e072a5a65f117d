"""Runs all of the doctor's checks against the installation in reach."""

from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from orion_core.context import NOWHERE, use_context
from orion_core.db import Database, platform_scope
from orion_core.runtime import Runtime, use_runtime
from orion_host.assembly import Assembly, AssemblyError, Problem, assemble
from orion_host.background.sender import NullSender
from orion_host.cli.installation import installation
from orion_host.doctor import database, leftovers, modules, processes, secrets
from orion_host.doctor.finding import Finding, error, warning
from orion_host.migrations.runner import Migrator
from orion_host.settings import HostSettings


def examine() -> list[Finding]:
    """Return all findings about the installation in reach, errors first.

    Raises:
        MissingSetting: If there is no installation in reach.
    """
    with installation() as settings:
        return sorted(_findings(settings), key=lambda finding: (finding.severity, finding.about))


def _findings(settings: HostSettings) -> Iterator[Finding]:
    try:
        assembly = assemble(policy="quarantine")
    except AssemblyError as broken:
        yield from map(_as_finding, broken.problems)
        yield warning("doctor", "nothing more can be examined", "mend the modules of the core tier first")
        return
    yield from map(_as_finding, assembly.problems)
    yield from modules.examine(assembly)
    yield from secrets.examine(settings)
    yield from processes.broker(settings)
    try:
        yield from _in_the_database(assembly, settings)
    except OperationalError as away:
        reason = str(away.orig).strip().splitlines()[0]
        yield error("database", f"not reachable: {reason}", "start it, or correct the ORION_DATABASE_* addresses")


def _in_the_database(assembly: Assembly, settings: HostSettings) -> Iterator[Finding]:
    migrator = Migrator(settings.require("database_owner_url"), assembly.folders("migrations"), policy="quarantine")
    pools = Database(settings.require("database_url"), settings.require("database_platform_url"), pool_size=2)
    runtime = Runtime(assembly=assembly, database=pools, cipher=settings.cipher(), tasks=NullSender())
    try:
        found = list(database.revisions(migrator, assembly))
        yield from found
        if any(each.severity == "error" for each in found):
            yield warning("doctor", "tables and processes were not examined", "mend the migrations first")
            return
        yield from database.drift(migrator)
        with use_runtime(runtime), use_context(NOWHERE), platform_scope("orion doctor") as session:
            yield from processes.fleet(session, assembly)
            yield from processes.schedule(session, assembly)
            yield from processes.failures(session)
            yield from leftovers.examine(session, migrator, assembly)
    finally:
        pools.close()
        migrator.close()


def _as_finding(problem: Problem) -> Finding:
    return error(problem.module, problem.message, problem.hint or "see the message")
