"""The core module's declarative base."""

from sqlalchemy.orm import DeclarativeBase

from orion_core.db import ModuleTables


class Base(ModuleTables, DeclarativeBase):
    """All tables of schema ``core``."""

    module = "core"
