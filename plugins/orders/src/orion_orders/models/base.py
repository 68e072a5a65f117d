"""The orders module's declarative base."""

from sqlalchemy.orm import DeclarativeBase

from orion_core.db import ModuleTables


class Base(ModuleTables, DeclarativeBase):
    module = "orders"
