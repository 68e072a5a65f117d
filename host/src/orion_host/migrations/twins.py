"""Compares a table's policies and rights with those its revisions make, by making them on an empty twin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from orion_host.migrations.schemas import ROLES, TABLE_RIGHTS

_MADE = re.compile(r"CREATE TABLE (\w+\.\w+)")
_DROPPED = re.compile(r"DROP TABLE (?:IF EXISTS )?(\w+\.\w+)")
_RENAMED = re.compile(r"ALTER TABLE (\w+)\.(\w+) RENAME TO (\w+)")
_GUARDED = re.compile(
    r"(?:(?:CREATE|ALTER|DROP) POLICY \w+ ON|(?:GRANT|REVOKE) [\w ,()]+? ON(?: TABLE)?) (\w+\.\w+)\s"
    r"|ALTER TABLE (\w+\.\w+) [A-Z ]*ROW LEVEL SECURITY"
)
"""Statements about who may see or change which rows of a table."""

FACTS = """
    SELECT c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      ARRAY(SELECT coalesce(r.rolname, 'PUBLIC') || ' ' || a.privilege_type
            FROM aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
            WHERE a.grantee <> c.relowner) AS rights,
      ARRAY(SELECT format('%s %s for %s to %s using (%s) with check (%s)', p.polname,
                          CASE WHEN p.polpermissive THEN 'permits' ELSE 'restricts' END, p.polcmd,
                          ARRAY(SELECT rolname FROM pg_roles WHERE oid = ANY (p.polroles) ORDER BY 1),
                          pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid))
            FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c WHERE c.oid = to_regclass(:name)
"""


@dataclass(frozen=True, slots=True)
class _Guard:
    """Who may see and change which rows of a table."""

    enabled: bool
    forced: bool
    rights: frozenset[str]
    policies: frozenset[str]


def guarding_statements(statements: Iterable[str]) -> dict[str, list[str]]:
    """Return what revisions say about policies and rights, by full name of the table.

    Args:
        statements: All statements of a module's applied revisions, oldest first.
    """
    tables: dict[str, list[str]] = {}
    for statement in statements:
        if made := _MADE.match(statement):
            tables[made[1]] = []
        elif dropped := _DROPPED.match(statement):
            tables.pop(dropped[1], None)
        elif renamed := _RENAMED.match(statement):
            schema, old, new = renamed.groups()
            said = tables.pop(f"{schema}.{old}", [])
            tables[f"{schema}.{new}"] = [each.replace(f"{schema}.{old}", f"{schema}.{new}", 1) for each in said]
        elif found := _GUARDED.match(statement):
            tables.setdefault(found[1] or found[2], []).append(statement)
    return tables


def guard_differences(connection: Connection, table: str, statements: list[str]) -> list[str]:
    """Return how a table is guarded otherwise than its revisions say, in words.

    Args:
        connection: A connection of the owner, in a transaction that is rolled back afterwards.
        table: Full name of a table; one that is not there has no differences of this kind.
        statements: From ``guarding_statements``.
    """
    real = _guard(connection, table)
    if real is None:
        return []
    name = table.rpartition(".")[2]
    twin = f"pg_temp.{name}"
    connection.execute(text(f"CREATE TEMP TABLE {name} (LIKE {table})"))
    connection.execute(text(f"GRANT {TABLE_RIGHTS} ON {twin} TO {ROLES}"))
    for statement in statements:
        connection.exec_driver_sql(statement.replace(table, twin, 1))
    wanted = _guard(connection, twin)
    connection.execute(text(f"DROP TABLE {twin}"))
    assert wanted is not None, "it was just made"
    return _differences(table, real, wanted)


def _differences(table: str, real: _Guard, wanted: _Guard) -> list[str]:
    facts = []
    for word, is_so, should in (("enabled", real.enabled, wanted.enabled), ("forced", real.forced, wanted.forced)):
        if is_so != should:
            facts.append(f"row-level security of {table} is {'' if is_so else 'not '}{word}")
    facts += [f"{table} lacks the policy: {policy}" for policy in sorted(wanted.policies - real.policies)]
    facts += [f"{table} has a policy of its own: {policy}" for policy in sorted(real.policies - wanted.policies)]
    facts += [f"missing right on {table}: {right}" for right in sorted(wanted.rights - real.rights)]
    facts += [f"right too many on {table}: {right}" for right in sorted(real.rights - wanted.rights)]
    return facts


def _guard(connection: Connection, name: str) -> _Guard | None:
    row: Any = connection.execute(text(FACTS), {"name": name}).one_or_none()
    if row is None:
        return None
    return _Guard(row.enabled, row.forced, frozenset(row.rights), frozenset(row.policies))
