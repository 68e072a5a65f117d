"""The module's tables as its models say: tenants apart in every key and reference, money without fractions."""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Column, Float, Index, Table, UniqueConstraint

from orion_host.kit.findings import Found, check
from orion_host.kit.subject import Subject
from orion_host.migrations.autogenerate import tenant_scope

_MONEY = re.compile(r"(^|_)(amount|balance|cost|discount|fee|gross|minor|net|price|shipping|subtotal|tax|total)s?(_|$)")
SCOPED = ("store", "merchant", "platform")


def _tenant_column(table: Table) -> str | None:
    """Return the column that leads the key of a tenant's table."""
    scope = tenant_scope(table)
    return f"{scope}_id" if scope in SCOPED else None


@check("tenant-keys", "Unique keys of tenants' tables begin with the tenant", needs="assembly")
def tenant_keys(subject: Subject) -> Iterator[Found]:
    """Reads keys from the models: one that does not tells a tenant what another one has.

    A key over a hash alone is let through: a secret of that length is looked up before anybody knows its tenant. So is
    one inside a record of the tenant above, which a reference names: numbers of a merchant's series, in its stores.
    """
    for table in subject.tables:
        tenant = _tenant_column(table)
        for name, columns in _keys(table) if tenant else ():
            is_secret = len(columns) == 1 and columns[0].endswith("_hash")
            if columns and columns[0] != tenant and not is_secret and not _inside_a_record(table, columns):
                fix = f"Put {tenant} first."
                yield Found(f"{table.fullname}.{name}", f"is unique over {', '.join(columns)}.", fix)


def _inside_a_record(table: Table, columns: list[str]) -> bool:
    """Tell whether a key begins with a reference to a record of another tenant's scope, led by that tenant."""
    for constraint in table.foreign_key_constraints:
        reference = _names(constraint.columns)
        is_led = len(reference) > 1 and reference[0] == _tenant_column(constraint.referred_table)
        if is_led and columns[: len(reference)] == reference:
            return True
    return False


def _keys(table: Table) -> Iterator[tuple[str, list[str]]]:
    yield "primary key", _names(table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield str(constraint.name or "unique constraint"), _names(constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield str(index.name), _leading(index)


def _leading(index: Index) -> list[str]:
    return [str(getattr(expression, "name", expression)) for expression in index.expressions]


def _names(columns: Iterable[Column[object]]) -> list[str]:
    return [column.name for column in columns]


@check("tenant-references", "References between tenants' tables carry the tenant", needs="assembly")
def tenant_references(subject: Subject) -> Iterator[Found]:
    """Reads foreign keys from the models: PostgreSQL checks them past all policies, and would take a foreign row."""
    for table in subject.tables:
        tenant = _tenant_column(table)
        for constraint in table.foreign_key_constraints if tenant else ():
            target = constraint.referred_table
            names = [element.target_fullname.rpartition(".")[2] for element in constraint.elements]
            if _tenant_column(target) == tenant and tenant not in names:
                fix = f"Use orion_core.db.mixins.tenant_reference(..., {target.fullname!r})."
                fact = f"refers to {target.fullname} without {tenant}."
                yield Found(f"{table.fullname}.{constraint.name}", fact, fix)


@check("money", "Money is never a floating-point number", needs="assembly")
def money(subject: Subject) -> Iterator[Found]:
    """Looks for columns of money with a binary fraction: 0.1 + 0.2 is not 0.3 there."""
    for table in subject.tables:
        for column in table.columns:
            if isinstance(column.type, Float) and column.type.asdecimal is False and _MONEY.search(column.name):
                fix = "Keep integer minor units, with a currency: price_minor."
                yield Found(f"{table.fullname}.{column.name}", f"is {column.type!r}.", fix)


CHECKS = (tenant_keys, tenant_references, money)
