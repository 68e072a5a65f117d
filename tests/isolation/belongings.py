"""What belongs to whom in a database: ids to ask for, words that must not be seen, and a fingerprint of all of it."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, create_engine, text

from orion_core.db import METADATA

NAMES = ("slug", "code", "sku")
"""Columns by which a path may name a record instead of its id."""
_TELLING = re.compile(r"(?=.*[\d@ -]).{10,}")
"""Long enough, and not one plain word, so that it is not part of a page by chance."""


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What belongs to one store and its merchant.

    Args:
        store: The store's code.
        title: Its name, which everybody may read: it stands on the platform's front page.
        merchant: The merchant's code.
        ids: Ids of its records, at least one of each table that has any.
        names: Slugs and codes of its records.
        one_each: The first id of each table that has any.
        words: Everything that is written in its records.
    """

    store: str
    title: str
    merchant: str
    ids: tuple[UUID, ...]
    names: tuple[str, ...]
    one_each: tuple[UUID, ...]
    words: frozenset[str]


def belongings(owner_url: str, store: str, modules: Collection[str]) -> Belongings:
    """Return what belongs to a store and its merchant in the tables of these modules."""
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        who = connection.execute(_STORE, {"code": store}).one()
        rows = {table: list(_rows(connection, table, who.store_id, who.merchant_id)) for table in _tables(modules)}
        people = [dict(row) for row in connection.execute(_PEOPLE, who._asdict()).mappings()]
    engine.dispose()
    firsts = [each for found in rows.values() for each in found[:2]]
    one_each = [found[0] for found in rows.values() if found]
    everything = [each for found in rows.values() for each in found] + people
    return Belongings(
        store=store,
        title=who.title,
        merchant=who.merchant,
        ids=_ids(firsts),
        names=tuple(dict.fromkeys(str(each[name]) for each in firsts for name in NAMES if each.get(name))),
        one_each=_ids(one_each),
        words=frozenset(word for each in everything for word in _words(each)),
    )


def _ids(rows: Iterable[dict[str, Any]]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(UUID(each["id"]) for each in rows if "id" in each))


def fewer(belongings: Belongings) -> Belongings:
    """Return belongings with one record of each table instead of two."""
    return replace(belongings, ids=belongings.one_each)


def only(theirs: Belongings, mine: Belongings) -> Belongings:
    """Return their belongings without the names that my records have, too."""
    return replace(theirs, names=tuple(name for name in theirs.names if name not in mine.words))


def foreign_words(theirs: Belongings, mine: Belongings) -> re.Pattern[str]:
    """Return a pattern that finds whatever only the other store's records say."""
    telling = sorted(word for word in theirs.words - mine.words - {theirs.title} if _TELLING.fullmatch(word))
    assert len(telling) > 100, "the demo says a lot, otherwise this proves nothing"
    return re.compile("|".join(map(re.escape, telling)))


def fingerprint(owner_url: str, store: str, modules: Collection[str]) -> str:
    """Return a hash of all records of a store and its merchant in the tables of these modules."""
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        who = connection.execute(_STORE, {"code": store}).one()
        rows = [list(_rows(connection, table, who.store_id, who.merchant_id)) for table in _tables(modules)]
    engine.dispose()
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


_STORE = text("""
    SELECT store.id AS store_id, store.name AS title, merchant.id AS merchant_id, merchant.code AS merchant
    FROM tenancy.stores store JOIN tenancy.merchants merchant ON merchant.id = store.merchant_id
    WHERE store.code = :code
""")
_PEOPLE = text("""
    SELECT person.id::text, person.email FROM tenancy.users person
    WHERE NOT person.is_platform_admin AND (
        person.id IN (SELECT user_id FROM tenancy.memberships WHERE store_id = :store_id)
        OR person.id IN (SELECT user_id FROM tenancy.merchant_owners WHERE merchant_id = :merchant_id)
    )
""")


def _tables(modules: Collection[str]) -> list[Table]:
    """Return the tables whose rows belong to a store or merchant; examples of other tests are none of them."""
    mapped = METADATA.sorted_tables
    return [table for table in mapped if {"store_id", "merchant_id"} & set(table.c.keys()) and table.schema in modules]


def _rows(connection: Connection, table: Table, store_id: Any, merchant_id: Any) -> Iterator[dict[str, Any]]:
    conditions = {"store_id": "store_id = :store", "merchant_id": "merchant_id = :merchant"}
    if table.fullname == "tenancy.stores":
        conditions["id"] = "id = :store"
    where = " OR ".join(condition for column, condition in conditions.items() if column in table.c)
    query = f"SELECT to_jsonb(t) FROM {table.fullname} t WHERE {where} ORDER BY to_jsonb(t)::text"
    yield from connection.scalars(text(query), {"store": store_id, "merchant": merchant_id})


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return [word for each in value.values() for word in _words(each)]
    if isinstance(value, list):
        return [word for each in value for word in _words(each)]
    return [value] if isinstance(value, str) else []
