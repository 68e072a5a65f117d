"""What every page has around its content: menu, user, tenant, languages, banner, slots."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from orion_core import Area, MenuItem, Slot
from orion_core.context import RequestContext, current_context
from orion_core.db import platform_scope
from orion_core.i18n import LOCALES, Catalogues, native_name
from orion_core.runtime import current_runtime
from orion_core.services.menus import Placing, placings
from orion_core.services.neutralize import neutralized_at
from orion_core.web.pages import link, read_flash
from orion_host.assembly import Assembly


class Shell:
    """Answers what belongs around a page, from the assembly and the request's context.

    Args:
        assembly: Whose menus and slots to show.
        texts: Translates labels.
    """

    def __init__(self, assembly: Assembly, texts: Catalogues) -> None:
        self._texts = texts
        self._quarantined = frozenset(assembly.quarantined)
        self._is_copy: bool | None = None
        self._menus: dict[Area, list[tuple[str, MenuItem]]] = {area: [] for area in Area}
        self._slots: dict[str, list[tuple[str, Slot]]] = {}
        for module, item in assembly.contributions("orion_menus"):
            self._menus[item.area].append((module, item))
        for module, fragment in assembly.contributions("orion_slots"):
            self._slots.setdefault(fragment.place, []).append((module, fragment))
        for entries in self._menus.values():
            entries.sort(key=lambda entry: (entry[1].order, entry[1].id))
        for fragments in self._slots.values():
            fragments.sort(key=lambda entry: (entry[1].order, entry[0]))

    def page_context(self, request: Request) -> dict[str, Any]:
        """Return the ``page`` variable of every template.

        Args:
            request: The request answered.
        """
        context = current_context()
        # As the browser has it; on a store's own domain the application is asked for another.
        path = request.scope.get("orion.path", request.url.path)
        page = {
            "title": "",
            "area": str(context.area or Area.PUBLIC),
            "path": path,
            "locale": context.locale,
            "locales": [(code, native_name(code)) for code in _offered(context)],
            "menu": self.menu(context, path),
            "user": _user(context),
            "tenant": _tenant(context),
            "flashes": read_flash(request),
            "banner": self._banner(context.area),
            "request_id": context.request_id,
            "home": link("/"),
            "theme_css": None,
            "theme": {},
        }
        return {"page": page, "request": request}

    def _banner(self, area: Area | None) -> str | None:
        if area in {Area.SHOP, Area.PUBLIC}:
            return None
        lines = [self._texts.gettext("This is a copy: nothing done here is real.")] if self._in_copy() else []
        missing = sorted(self._quarantined | current_runtime().standing.out().keys())
        if missing and area in {Area.ADMIN, None}:
            text = "These modules take no part because of errors: %(modules)s. See `orion doctor`."
            lines.append(self._texts.gettext(text) % {"modules": ", ".join(missing)})
        return " ".join(lines) or None

    def _in_copy(self) -> bool:
        """Tell whether the database was neutralised; nobody does that while processes work on it."""
        if self._is_copy is None:
            with platform_scope("look whether this is a copy") as session:
                self._is_copy = neutralized_at(session) is not None
        return self._is_copy

    def menu(self, context: RequestContext, path: str) -> list[dict[str, Any]]:
        """Return the sections of the area's menu that the caller may see.

        Args:
            context: Whose menu.
            path: The current path, to mark its item.
        """
        sections: dict[str, list[dict[str, Any]]] = {}
        for item in self._visible(context):
            url = link(item.route)
            sections.setdefault(item.section, []).append(
                {
                    "id": item.id,
                    "label": self._texts.gettext(item.label),
                    "url": url,
                    "icon": item.icon,
                    "active": path == url or (item.route != "/" and path.startswith(f"{url}/")),
                }
            )
        return [{"title": self._texts.gettext(title), "entries": items} for title, items in sections.items()]

    def _visible(self, context: RequestContext) -> list[MenuItem]:
        items = [
            item
            for module, item in self._menus[context.area or Area.PUBLIC]
            if context.module_is_on(module) and _may_see(context, item.permission)
        ]
        if context.actor is None or context.tenant is None:
            return items
        with current_runtime().database.session() as session, session.begin():
            placed = placings(session, context.actor.id)
        shown = [item for item in items if not placed.get(item.id, Placing()).hidden]
        return sorted(shown, key=lambda item: _order(item, placed.get(item.id)))

    def slots(self, place: str) -> list[Slot]:
        """Return the fragments of a place that the caller may see, in order."""
        context = current_context()
        return [
            fragment
            for module, fragment in self._slots.get(place, [])
            if context.module_is_on(module) and _may_see(context, fragment.permission)
        ]

    @staticmethod
    def slot_variables(fragment: Slot) -> Mapping[str, Any]:
        """Return the variables a fragment's template needs."""
        if fragment.context is None:
            return {}
        with current_runtime().database.session() as session, session.begin():
            return dict(fragment.context(session))


def _order(item: MenuItem, placing: Placing | None) -> int:
    return item.order if placing is None or placing.order is None else placing.order


def _may_see(context: RequestContext, permission: str | None) -> bool:
    return permission is None or (context.actor is not None and context.actor.may(permission))


def _offered(context: RequestContext) -> list[str]:
    if context.area == Area.SHOP and context.tenant and context.tenant.store:
        return list(dict.fromkeys([context.store.locale, *context.store.locales]))
    return list(LOCALES)


def _user(context: RequestContext) -> dict[str, str] | None:
    return {"name": context.actor.name, "email": context.actor.email} if context.actor else None


def _tenant(context: RequestContext) -> dict[str, Any]:
    tenant = context.tenant
    # A store's name stands on its shop anyway; a merchant's is for those who may enter.
    is_open = context.area is not Area.MERCHANT or (context.actor and context.actor.may_enter(Area.MERCHANT))
    ref = tenant and (tenant.store or (tenant.merchant if is_open else None) or tenant.platform)
    return {"name": ref.name, "code": ref.code, "logo": None} if ref else {"name": "Orion", "code": "", "logo": None}
