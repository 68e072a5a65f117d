"""Choosing rows first and changing them afterwards, in one statement whose plan cannot go astray."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, func
from sqlalchemy.orm import InstrumentedAttribute


def is_among(column: InstrumentedAttribute[Any], chosen: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a column's value is one of those a subquery chooses and locks.

    With ``IN`` the planner may walk the whole table and compare each row with each one chosen: it expects few of
    them, so that this costs it nothing. 1,700 chosen of 31,500 deliveries took 5.2 s, with an array 0.03 s
    (PostgreSQL 18.6, 2026-11).

    Args:
        column: A column of ids, with an index.
        chosen: Selects ids.
    """
    return column == any_(func.array(chosen.scalar_subquery(), type_=ARRAY(Uuid)))
