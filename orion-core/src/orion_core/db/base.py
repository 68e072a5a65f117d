"""The declarative base of a module: its own registry over one shared MetaData, its tables in its own schema."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Numeric, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""All modules' tables. Shared, so that foreign keys may point at required modules; registries are not."""
UNIQUE_VIOLATION = "23505"
"""SQLSTATE of a value that a unique key does not let in twice."""


def duplicate_key(error: IntegrityError) -> str:
    """Return the name of the unique key that a statement would have broken; it ends with the key's columns.

    Args:
        error: What the database refused.

    Returns:
        The name, empty if it was refused for something else.
    """
    reason: Any = error.orig
    return str(reason.diag.constraint_name) if getattr(reason, "sqlstate", "") == UNIQUE_VIOLATION else ""


class ModuleTables:
    """Mixed into a module's ``DeclarativeBase`` to bind it to the module's schema.

    Write ``class Base(ModuleTables, DeclarativeBase): module = "billing"`` once per module. Every model of that
    base lands in PostgreSQL schema ``billing``; naming another schema is refused.

    Raises:
        TypeError: If a model names a schema of its own.
    """

    module: ClassVar[str]
    metadata: ClassVar[MetaData]
    __table_args__: Any
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
        Decimal: Numeric(),
        UUID: Uuid(),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "module" in cls.__dict__:
            cls.metadata = METADATA
            cls.type_annotation_map = ModuleTables.type_annotation_map
        elif "__tablename__" in cls.__dict__:
            cls.__table_args__ = _in_schema(cls.__dict__.get("__table_args__", ()), cls.module, cls.__name__)
        super().__init_subclass__(**kwargs)


def _in_schema(args: Any, schema: str, model: str) -> tuple[Any, ...]:
    positional, options = (args[:-1], args[-1]) if args and isinstance(args[-1], dict) else (args, {})
    if isinstance(args, dict):
        positional, options = (), args
    if options.get("schema", schema) != schema:
        raise TypeError(f"{model} belongs to schema {schema!r}, not {options['schema']!r}")
    return (*positional, {**options, "schema": schema})
