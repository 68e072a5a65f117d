"""What a module is: the frozen value that every plugin.py declares as ``definition``."""

import re
from dataclasses import dataclass
from enum import StrEnum

CONTRACT_VERSION = "1.2"
"""Version of the hook contract this orion-core offers; modules name the range they were written for."""

_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")


class Tier(StrEnum):
    """How a module is switched on."""

    CORE = "core"
    """Always on; a failure of it stops the platform."""
    OPTIONAL = "optional"
    """Switched on and off per platform."""
    INTERNAL = "internal"
    """For platform admins only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleDefinition:
    """The identity of a module.

    Args:
        name: Lower-case identifier; also its PostgreSQL schema, Alembic branch label, template folder, task
            prefix, CLI group and permission prefix.
        title: What people call it.
        tier: How it is switched on.
        summary: One sentence for lists and ``orion --help``.
        requires: Names of the modules it cannot run without.
        contract: Range of contract versions it supports, as a version specifier (PEP 440).

    Raises:
        ValueError: If the name is not an identifier as described, the title is empty, or it requires itself.
    """

    name: str
    title: str
    tier: Tier = Tier.OPTIONAL
    summary: str = ""
    requires: tuple[str, ...] = ()
    contract: str = ">=1,<2"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"module name {self.name!r} must be lower-case letters, digits and underscores")
        if not self.title.strip():
            raise ValueError(f"module {self.name!r} needs a title")
        if self.name in self.requires:
            raise ValueError(f"module {self.name!r} requires itself")
