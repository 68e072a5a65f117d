"""The demo marketplace: planted once by all modules in one transaction, remembered with its logins."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from orion_core.context import SYSTEM, RequestContext, use_context
from orion_core.db import platform_scope
from orion_core.ids import new_id
from orion_core.models.settings import SettingValue
from orion_core.runtime import Runtime
from orion_host.assembly import Assembly


@dataclass(frozen=True, slots=True)
class Demo:
    """What a visitor of the demo needs.

    Args:
        password: The password of every demo login.
        places: Pairs of what it is and its path.
        logins: Pairs of role and e-mail address.
    """

    password: str
    places: list[tuple[str, str]]
    logins: list[tuple[str, str]]


def demo_of(runtime: Runtime) -> Demo | None:
    """Return the demo planted in this database, or ``None``.

    Args:
        runtime: The installation.
    """
    with runtime.database.platform_session() as session, session.begin():
        row = session.scalars(select(SettingValue).filter_by(module_name="core", field="demo")).one_or_none()
        return None if row is None else _read(row.value)


def plant_demo(assembly: Assembly) -> Demo:
    """Have every module add its part of the demo, all in one transaction.

    Args:
        assembly: The installed modules.
    """
    world: dict[str, Any] = {"password": secrets.token_urlsafe(9), "places": [], "logins": []}
    context = RequestContext(actor=SYSTEM, request_id=new_id().hex)
    with use_context(context), platform_scope("plant the demo") as session:
        for _, plant in assembly.implementations("orion_demo"):
            plant(session=session, world=world)
        record = {name: world[name] for name in ("password", "places", "logins")}
        session.add(SettingValue(module_name="core", field="demo", value=record))
    return _read(record)


def _read(value: dict[str, Any]) -> Demo:
    pairs = {name: [(str(a), str(b)) for a, b in value[name]] for name in ("places", "logins")}
    return Demo(value["password"], pairs["places"], pairs["logins"])
