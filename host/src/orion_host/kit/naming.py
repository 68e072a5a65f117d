"""Names of new plugins: what a module may be called, and what is called after it."""

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from orion_core import OrionError
from orion_host.assembly import InstalledModule, did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
_DISTRIBUTION = re.compile(r"[a-z0-9]+([-._][a-z0-9]+)*")
_SCHEMAS = frozenset({"public", "information_schema"})


class NameRefused(OrionError):
    """A module cannot be called so."""

    code = "name_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a new plugin is called, wherever a name stands.

    Args:
        name: The module: schema, branch label, template folder, prefix of its tasks and permissions.
        title: What people call it.
        distribution: What is installed.
        requires: Modules it cannot run without, in order.
        dependencies: The distributions to depend on, with their ranges.
    """

    name: str
    title: str
    distribution: str
    requires: tuple[str, ...]
    dependencies: tuple[str, ...]

    @property
    def package(self) -> str:
        """The package that is imported."""
        return f"orion_{self.name}"

    @property
    def slug(self) -> str:
        """The name in addresses and commands."""
        return self.name.replace("_", "-")


def choose_names(
    wish: str,
    installed: Sequence[InstalledModule],
    *,
    title: str = "",
    distribution: str = "",
    requires: Sequence[str] = (),
    taken: Sequence[str] = (),
) -> Names:
    """Return the names of a new plugin.

    Args:
        wish: What the module is to be called; dashes become underscores.
        installed: The modules there are.
        title: What people call it; made from the name if empty.
        distribution: What its distribution is called; ``orion-`` and the name if empty.
        requires: Modules it cannot run without, besides core and tenancy.
        taken: Names of commands that a module's group would hide.

    Raises:
        NameRefused: If one of the names cannot be used; the message says why.
    """
    name = wish.strip().replace("-", "_")
    refuse_name(name, installed, taken)
    shippers = {module.name: module for module in installed}
    needed = tuple(dict.fromkeys(("core", "tenancy", *(each.replace("-", "_") for each in requires))))
    for each in needed:
        if each not in shippers:
            raise NameRefused(f"module {each!r} is not installed. {did_you_mean(each, shippers)}".strip())
    distribution = distribution or f"orion-{name.replace('_', '-')}"
    if not _DISTRIBUTION.fullmatch(distribution):
        raise NameRefused(f"a distribution cannot be called {distribution!r}; use small letters, digits and dashes")
    title = title.strip() or name.replace("_", " ").capitalize()
    if not title.isprintable() or set('"\\{}[]') & set(title):
        raise NameRefused("a title is one line without quotation marks, brackets and backslashes")
    return Names(
        name=name,
        title=title,
        distribution=distribution,
        requires=needed,
        dependencies=tuple(sorted(_range(shippers[each]) for each in needed)),
    )


def refuse_name(name: str, installed: Sequence[InstalledModule], taken: Sequence[str]) -> None:
    """Raise unless a module can be called ``name``.

    Args:
        name: Identifier wished for.
        installed: The modules there are.
        taken: Names of commands there are.

    Raises:
        NameRefused: If it is no identifier, means something to Python or PostgreSQL, or is taken.
    """
    if not _NAME.fullmatch(name) or name.endswith("_"):
        raise NameRefused(f"{name!r} must be 2 to 31 small letters, digits and underscores, and start with a letter")
    if keyword.iskeyword(name) or name in RESERVED_WORDS or name in _SCHEMAS or name.startswith("pg_"):
        raise NameRefused(f"{name!r} means something to Python or PostgreSQL; choose another name")
    owner = next((module for module in installed if module.name == name), None)
    if owner is not None:
        raise NameRefused(f"module {name!r} is already installed, from {owner}")
    if name.replace("_", "-") in taken:
        raise NameRefused(f"`orion {name.replace('_', '-')}` is a command of the host; choose another name")
    if find_spec(f"orion_{name}") is not None:
        raise NameRefused(f"there is already a package orion_{name}")


def _range(module: InstalledModule) -> str:
    """Return the requirement for a distribution: this version up to the next that may break."""
    major, minor = (*module.version.split("."), "0")[:2]
    upper = f"0.{int(minor) + 1}" if major == "0" else str(int(major) + 1)
    return f"{module.distribution}>={major}.{minor},<{upper}"
