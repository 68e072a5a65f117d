"""The module at work on its freshly migrated tables: pages answer, health is good, switching leaves nothing."""

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orion_core import OrionError
from orion_core.context import PlatformRef, RequestContext, use_context
from orion_core.i18n import LOCALES
from orion_core.ids import new_id
from orion_host.kit.findings import Found, check
from orion_host.kit.living import application, ask, living, tenant_of
from orion_host.kit.subject import Subject
from orion_host.web.gate import ModuleGate, routes_behind_gates


@check("pages", "Its pages answer in every language", needs="tables")
def pages(subject: Subject) -> Iterator[Found]:
    """Asks for each page without parameters as an admin, with made-up rows in the tables."""
    tenant = tenant_of(subject.mine)
    _ = subject.rows  # there is something to show
    with living(subject.alone, subject.trial.urls):
        app = application(subject.alone)
        for gate, route in routes_behind_gates(app):
            if path := _page(subject, gate, route):
                facts = ((locale, _wrong(app, path, tenant, gate, locale)) for locale in LOCALES)
                locale, fact = next(((locale, fact) for locale, fact in facts if fact), ("", ""))
                if fact:
                    yield Found(f"GET {path}", f"{fact} (in {locale}).", "Open it: `orion up --demo`.")


def _page(subject: Subject, gate: ModuleGate, route: object) -> str:
    """Return the path of a page that needs to know no more than the tenant; empty for all others."""
    if gate.module != subject.name or gate.kind != "pages" or not isinstance(route, APIRoute):
        return ""
    path = f"{gate.mount_prefix}{route.path}".replace("{store}", "s").replace("{merchant}", "m")
    return path if "GET" in (route.methods or ()) and "{" not in path else ""


def _wrong(app: Any, path: str, tenant: Any, gate: ModuleGate, locale: str) -> str:
    try:
        status = ask(app, path, tenant, gate.area, locale)
    except OrionError as error:
        return "" if error.status < 500 else f"fails: {error.detail}"
    except Exception as error:  # noqa: BLE001  whatever a page raises is what is wrong with it
        return f"raises {type(error).__name__}: {error}"
    return f"answers {status}" if status >= 500 else ""


@check("health", "It is healthy once its migrations have run", needs="tables")
def health(subject: Subject) -> Iterator[Found]:
    """Runs its health checks on the new tables: one that fails there keeps every process from being ready."""
    with living(subject.alone, subject.trial.urls) as runtime, use_context(RequestContext()):
        for each in subject.items("orion_health"):
            with runtime.database.platform_session() as session:
                try:
                    each.check(session)
                except Exception as error:  # noqa: BLE001  it may raise anything
                    yield Found(each.name, f"is not well on new tables: {error}", "Raise only when something is wrong.")


@check("switching", "Switching it on and off leaves nothing", needs="tables")
def switching(subject: Subject) -> Iterator[Found]:
    """Calls its hooks for both, twice, and counts the rows of its tables before and after."""
    assembly = subject.alone
    calls = {
        hook: [call for name, call in assembly.implementations(hook) if name == subject.name]
        for hook in ("orion_enabled", "orion_disabled")
    }
    platform = PlatformRef(id=new_id(), code="p", name="P")
    with (
        living(assembly, subject.trial.urls) as runtime,
        use_context(RequestContext()),
        runtime.database.platform_session() as session,
    ):
        before = _counts(subject, session)
        for hook in (*calls, *calls):
            for call in calls[hook]:
                try:
                    call(session=session, platform=platform)
                except Exception as error:  # noqa: BLE001  it may raise anything
                    yield Found(
                        hook, f"raises {type(error).__name__}: {error}", "It is called whenever somebody switches."
                    )
                    return
        left = [name for name, count in _counts(subject, session).items() if count != before[name]]
        for name in left:
            yield Found(
                name, "has other rows after switching on and off.", "Undo in orion_disabled what is done before."
            )


def _counts(subject: Subject, session: Session) -> dict[str, int]:
    return {table.fullname: session.scalar(select(func.count()).select_from(table)) or 0 for table in subject.tables}


CHECKS = (pages, health, switching)
