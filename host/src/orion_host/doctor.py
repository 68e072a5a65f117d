"""``orion doctor``: looks at the whole installation and tells causes and fixes."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import create_engine, text

from orion_host.assembly import Assembly, assemble
from orion_host.cli.installation import installation
from orion_host.migrations.runner import Migrator
from orion_host.settings import HostSettings


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong.

    Args:
        severity: ``error`` (must be mended) or ``warning``.
        about: What it concerns.
        cause: The fact.
        fix: What to do.
    """

    severity: Literal["error", "warning"]
    about: str
    cause: str
    fix: str

    def as_dict(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return asdict(self)


def examine() -> list[Finding]:
    """Return all findings about the installation in reach, the worst first.

    Raises:
        MissingSetting: If there is no installation in reach.
    """
    assembly = assemble(policy="quarantine", web=False)
    findings = [
        Finding("error", problem.module, problem.message, problem.hint or "see the message")
        for problem in assembly.problems
    ]
    with installation() as settings:
        findings += _migrations(assembly, settings)
        findings += _roles(settings)
        findings += _policies(settings, assembly)
        findings += _broker(settings)
    return sorted(findings, key=lambda finding: finding.severity)


def _migrations(assembly: Assembly, settings: HostSettings) -> list[Finding]:
    migrator = Migrator(settings.require("database_owner_url"), assembly.folders("migrations"))
    advice = {
        "pending": ("error", "run `orion db upgrade`"),
        "newer": ("error", "install the newer version of the module again"),
        "absent": ("warning", "install the module again, or leave its data at rest"),
    }
    try:
        return [
            Finding(severity, status.module, f"schema is {status.state}: {status.current} -> {status.head}", fix)  # type: ignore[arg-type]
            for status in migrator.status()
            if status.state in advice
            for severity, fix in (advice[status.state],)
        ]
    finally:
        migrator.close()


def _roles(settings: HostSettings) -> list[Finding]:
    findings = []
    for field in ("database_url", "database_platform_url"):
        (row,) = _rows(
            settings.require(field),
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user",
        )
        if row.rolsuper or row.rolbypassrls:
            cause = f"role {row.rolname} of ORION_{field.upper()} can bypass row-level security"
            findings.append(Finding("error", "database", cause, f"ALTER ROLE {row.rolname} NOSUPERUSER NOBYPASSRLS"))
    return findings


def _policies(settings: HostSettings, assembly: Assembly) -> list[Finding]:
    rows = _rows(settings.require("database_owner_url"), UNPROTECTED)
    return [
        Finding(
            "error", row.schema, f"tenant table {row.schema}.{row.name} has no forced policy", "op.create_tenant_policy"
        )
        for row in rows
        if row.schema in assembly.modules
    ]


UNPROTECTED = """
    SELECT DISTINCT n.nspname AS schema, c.relname AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('store_id', 'merchant_id', 'platform_id')
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity
               AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY 1, 2
"""
"""Tables with a tenant's column but without a forced policy; there must be none."""


def _broker(settings: HostSettings) -> list[Finding]:
    from orion_host.background.sender import BROKER_ERRORS, CelerySender

    sender = CelerySender(settings.require("broker_url"))
    try:
        sender.depths()
    except BROKER_ERRORS as error:
        return [Finding("error", "broker", f"not reachable: {error}", "start it, or correct ORION_BROKER_URL")]
    finally:
        sender.close()
    return []


def _rows(url: str, statement: str) -> list[Any]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(statement)))
    finally:
        engine.dispose()
