"""What the modules of these tests are made of."""

from collections.abc import Callable

from orion_host.assembly import Assembly, InstalledModule, Problem

Install = Callable[..., InstalledModule]
Problems = Callable[..., list[Problem]]
Quarantine = Callable[..., Assembly]

PLUGIN = """
from orion_core import *
definition = ModuleDefinition(
    name={name!r}, title={name!r}, tier=Tier.{tier}, requires={requires!r}, contract={contract!r}
)
{body}
"""
MODELS_HOOK = """
@hookimpl
def orion_models():
    from example_{0}.models import Base
    return Base
"""
MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from orion_core.db import METADATA, ModuleTables

class Base(ModuleTables, DeclarativeBase):
    module = "{0}"

class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
UNMAPPABLE = '    others: Mapped[list["Absent"]] = relationship("Absent")'
PERMISSION = "@hookimpl\ndef orion_permissions(): return [Permission(code='{0}', title='')]\n"
RELATION = """
    from example_alpha.models import Thing as Other
    other_id: Mapped[int] = mapped_column(ForeignKey(Other.id))
    other: Mapped[Other] = relationship(Other)
"""
