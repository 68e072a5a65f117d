"""Faults in routes, menus, templates and texts, and what shows only when a page is asked for."""

from tests.kit.mutations.making import FRENCH, LIST, PACKAGE, add, fault, module, swap

ROUTES = [
    fault(
        "a route is not guarded",
        module("routes/shop_pages.py", ", dependencies=[public]", ""),
        module("routes/shop_pages.py", "next_cursor, public, render", "next_cursor, render"),
        checks="route-guards",
        words="0 guards",
    ),
    fault(
        "a route asks for an unknown permission",
        module("routes/store_api.py", 'requires("gadgets.edit_entries")', 'requires("gadgets.edit_entrys")'),
        checks="route-guards",
        words="gadgets.edit_entrys",
    ),
    fault(
        "a route asks for a permission of another area",
        module("routes/store_api.py", 'requires("gadgets.edit_entries")', 'requires("tenancy.manage_stores")'),
        checks="route-areas",
        words="admin area",
    ),
    fault(
        "an asynchronous route calls a service",
        module(
            "routes/store_pages.py",
            '@router.get("/new", dependencies=EDIT)\ndef new_entry(request: Request) -> Any:\n',
            '@router.get("/new", dependencies=EDIT)\n'
            "async def new_entry(request: Request) -> Any:\n    time.sleep(0)\n",
        ),
        module(
            "routes/store_pages.py",
            "from typing import Annotated, Any\n",
            "import time\nfrom typing import Annotated, Any\n",
        ),
        checks="async-routes",
        words="time.sleep",
    ),
    fault(
        "an asynchronous route takes a session",
        module("routes/store_api.py", "def get_entry(", "async def get_entry("),
        checks="async-routes",
        words="takes a session",
    ),
    fault(
        "a menu item is there twice",
        module("plugin.py", 'id="gadgets.shop"', 'id="gadgets.entries"'),
        checks="conflicts",
        words="gadgets.entries",
    ),
    fault(
        "a menu item leads nowhere",
        module("plugin.py", '            route="/gadgets",\n', '            route="/gadgetz",\n'),
        checks="conflicts",
        words="/gadgetz",
    ),
]

PAGES = [
    fault(
        "a template does not escape", swap(LIST, "{{ row.title }}</a>", "{{ row.title|safe }}</a>"), checks="escaping"
    ),
    fault(
        "a template has an inline script",
        swap(LIST, '<div id="entries">', '<script>alert(1)</script>\n<div id="entries">'),
        checks="inline-code",
        words="inline script",
    ),
    fault(
        "a template has a style attribute",
        swap(LIST, '<div id="entries">', '<div id="entries" style="color: red">'),
        checks="inline-code",
        words="style attribute",
    ),
    fault(
        "a template does not compile",
        swap(LIST, "{% endblock %}", "{% endblok %}"),
        checks="templates pages",
        words="endblok",
    ),
    fault(
        "a page's template is not there",
        module("routes/store_pages.py", "gadgets/store/remove.html", "gadgets/store/removed.html"),
        checks="templates",
        words="removed.html",
    ),
    fault(
        "a slot's template is not there",
        module("plugin.py", "gadgets/slots/stats.html", "gadgets/slots/stat.html"),
        checks="templates slots",
    ),
    fault(
        "a translation is missing",
        swap(FRENCH, 'msgid "New entry"\nmsgstr "Nouvelle entrée"\n', ""),
        checks="translations",
        words="'New entry' is not there in fr",
    ),
    fault(
        "a translation is not sure",
        swap(FRENCH, 'msgid "New entry"', '#, fuzzy\nmsgid "New entry"'),
        checks="translations",
        words="fuzzy",
    ),
    fault(
        "a translation has another placeholder",
        swap(FRENCH, 'msgstr "Supprimer %(title)s"', 'msgstr "Supprimer %(titre)s"'),
        checks="placeholders pages",
    ),
]

SWITCHED = """

@hookimpl
def orion_enabled(session: Any, platform: Any) -> None:
    from sqlalchemy import text

    session.execute(text("DELETE FROM gadgets.entries"))
"""

RUNNING = [
    fault(
        "a page uses a value that nobody gives",
        swap(LIST, "{{ row.title }}</a>", "{{ row.titel }}</a>"),
        checks="pages",
        words="titel",
    ),
    fault(
        "a page of the shop raises",
        module("routes/shop_pages.py", "    limit = get_settings", "    1 / 0\n    limit = get_settings"),
        checks="pages",
        words="ZeroDivisionError",
    ),
    fault(
        "a health check fails on new tables",
        module(
            "services/entries.py", "select(Entry.id).limit(1))", "select(Entry.id).limit(1)).scalar_one().hex.split()"
        ),
        module(
            "services/entries.py", "select(Entry.id).limit(1)", "select(Entry.id).where(Entry.title == '').limit(1)"
        ),
        checks="health",
    ),
    fault(
        "switching removes rows for ever",
        add(f"{PACKAGE}/plugin.py", SWITCHED),
        checks="switching",
        words="other rows",
    ),
]
