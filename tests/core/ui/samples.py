"""The sample pages with their made-up values, so that every test and every eye looks at the same thing."""

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from tests.core.ui.host import Money, Page, environment

USER = {"name": "Lena Weber", "email": "lena.weber@example.com"}
STAFF_MENU = {
    "": {"Overview": "layout-dashboard"},
    "Sales": {
        "Orders": "shopping-bag",
        "Customers": "users",
        "Messages": "messages",
        "Returns": "truck-return",
    },
    "Catalogue": {"Products": "package", "Categories": "category", "Stock": "building-warehouse"},
    "Store": {"Pages": "news", "Statistics": "chart-line", "Settings": "settings"},
}
SHOP_MENU = {
    "": dict.fromkeys(["New", "Kitchen", "Table", "Home textiles", "Pantry", "Gifts", "Workshops", "Sale"], "")
}
PUBLIC_MENU = {"": dict.fromkeys(["Prices", "Find a shop", "Help"], "")}
FOOTER = "".join(
    f"<div><h2>{title}</h2><ul>" + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in names) + "</ul></div>"
    for title, names in {
        "Help": ("Delivery", "Returns", "Contact"),
        "About": ("Our workshops", "Journal"),
        "Legal": ("Terms", "Privacy", "Withdrawal", "Imprint"),
    }.items()
)
FRAGMENTS = {
    "shop.header": '{{ ui.tool("/account", "user", "Account") }}{{ ui.tool("/cart", "shopping-bag", "Cart", 3) }}',
    "public.header": '<a class="btn btn-quiet" href="/login">Sign in</a>',
    "staff.user": '<form method="post" action="/logout">'
    '<button class="menu-item" type="submit">{{ ui.icon("logout") }} Sign out</button></form>',
    "shop.footer": FOOTER,
    "public.footer": FOOTER,
}
PRODUCTS = (
    "Stoneware mug, 35 cl",
    "Linen apron",
    "Olive oil, 50 cl",
    "Walnut board",
    "Sea salt",
    "Beeswax candle",
)
STATES = (("Live", "success"), ("Draft", "neutral"), ("Sold out", "danger"), ("Low stock", "warning"))
BROKEN = "The module “payments” did not start. Orders can be seen but not paid."


def menu(sections: dict[str, dict[str, str]], active: str = "") -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "entries": [
                {"id": name, "label": name, "url": f"/{quote(name)}", "icon": icon, "active": name == active}
                for name, icon in items.items()
            ],
        }
        for title, items in sections.items()
    ]


def staff(title: str, **values: Any) -> Page:
    return Page(title=title, menu=menu(STAFF_MENU, "Products"), user=USER, **values)


def shop(title: str, **values: Any) -> Page:
    return Page(title=title, area="shop", menu=menu(SHOP_MENU, "Kitchen"), **values)


SAMPLES: dict[str, tuple[str, Page]] = {
    "staff-home": ("staff_home.html", staff("Good morning, Lena", banner=BROKEN)),
    "staff-list": ("staff_list.html", staff("Products", flashes=[("success", "“Walnut board” was saved.")])),
    "staff-empty": ("staff_empty.html", staff("Suppliers")),
    "staff-form": ("staff_form.html", staff("Stoneware mug, 35 cl")),
    "staff-confirm": ("staff_confirm.html", staff("Delete Maison Lux?")),
    "staff-login": (
        "login.html",
        Page("Sign in", flashes=[("danger", "The e-mail or the password is wrong.")]),
    ),
    "shop-home": ("shop_home.html", shop("Maison Lux")),
    "shop-product": (
        "shop_product.html",
        shop("Stoneware mug, 35 cl", user=USER, flashes=[("success", "Added.")]),
    ),
    "shop-account": ("shop_account.html", shop("Your account", user=USER)),
    "shop-login": ("login.html", shop("Sign in")),
    "shop-missing": ("core/error.html", shop("Error")),
    "public-home": ("public_home.html", Page("Start", area="public", menu=menu(PUBLIC_MENU))),
}


def render(name: str, locale: str = "en", **changes: Any) -> str:
    """Renders a sample; `changes` replace values of its page."""
    template, page = SAMPLES[name]
    page = deepcopy(page)
    for key, value in {"locale": locale, **changes}.items():
        setattr(page, key, value)
    return prepared(locale).get_template(template).render(page=page, **values())


def prepared(locale: str) -> Environment:
    """An environment whose slots are filled the way modules fill them."""
    env = environment(locale)
    start = '{% import "core/macros/ui.html" as ui %}'
    return environment(locale, {place: env.from_string(start + source).render() for place, source in FRAGMENTS.items()})


def values() -> dict[str, Any]:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return {
        "query": {"q": "mug", "sort": "-stock", "cursor": "zzz"},
        "problem": {"status": 404, "title": "Not found", "detail": "", "code": "core.not_found"},
        "hero": drawing(range(4), 760),
        "rows": [
            {
                "name": name,
                "state": STATES[i % 4][0],
                "tone": STATES[i % 4][1],
                "category": "Kitchen" if i % 2 else "Home",
                "stock": 240 - 29 * i,
                "price": Money(2400 + 1350 * i),
                "changed": now - timedelta(days=3 * i),
            }
            for i, name in enumerate(PRODUCTS)
        ],
        "products": [product(i, name) for i, name in enumerate(PRODUCTS)],
        "timeline": [(now - timedelta(days=30 - i), 900 + 35 * i + (i * 7919) % 400, i * 31 % 60) for i in range(30)],
    }


def product(number: int, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "image": None if number == 5 else drawing([number], 300),
        "price": Money(2400 + 1350 * number),
        "compare_at": Money(4250) if number == 1 else None,
        "brand": "Atelier Nospelt" if number % 3 else "Moulin de Dieschbourg",
        "badge": {0: "New", 1: "Sale"}.get(number, ""),
        "note": "€9.80 per litre" if number == 2 else "",
    }


def drawing(numbers: Iterable[int], width: int) -> str:
    """Pots, drawn here so that pages are seen with pictures without shipping anyone's photographs."""
    pots = "".join(
        f'<g transform="translate({190 * place} 0)"><ellipse cx="150" cy="236" rx="82" ry="9" fill="#0002"/>'
        f'<rect x="96" y="{88 - 12 * (hue % 4)}" width="108" height="{146 + 12 * (hue % 4)}" '
        f'rx="{14 + 9 * (hue % 3)}" fill="hsl({25 + 47 * hue} 34% 56%)"/>'
        f'<rect x="112" y="104" width="12" height="108" rx="6" fill="#fff4"/></g>'
        for place, hue in enumerate(numbers)
    )
    size = f'viewBox="0 0 {width} 300" width="{width}" height="300"'
    wall = f'<rect width="{width}" height="300" fill="#eeece7"/>'
    return "data:image/svg+xml," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{wall}{pots}</svg>')
