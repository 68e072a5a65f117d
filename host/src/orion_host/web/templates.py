"""The one Jinja environment: every module's templates under its name, autoescape always on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel import dates, numbers
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from orion_core.context import current_context
from orion_core.i18n import Catalogues, countries, country_name
from orion_core.money import Money
from orion_core.web.pages import link
from orion_host.assembly import Assembly
from orion_host.web.assets import Assets
from orion_host.web.shell import Shell


def build_templates(assembly: Assembly, assets: Assets, *, debug: bool = False) -> Environment:
    """Return the environment that renders all pages.

    Args:
        assembly: Whose modules' templates and catalogues to use.
        assets: Gives the addresses of static files.
        debug: Look for changed templates at each request.
    """
    folders = [folder for name in assembly.modules if (folder := assembly.folder(name, "templates"))]
    locales = {name: folder for name in assembly.modules if (folder := assembly.folder(name, "locales"))}
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=debug,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    texts = Catalogues(locales)
    gettext, ngettext = _in_the_words_of_its_module(texts)
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    shell = Shell(assembly, texts)
    environment.globals.update(
        page_context=shell.page_context,
        link=link,
        static=assets.url,
        slot=_slot_renderer(shell),
        context=current_context,
        countries=_countries,
    )
    environment.filters.update(
        money=_money, date=_date, datetime=_datetime, number=_number, country=country_name, t=texts.gettext
    )
    return environment


def _in_the_words_of_its_module(texts: Catalogues) -> tuple[Any, Any]:
    """Return what translates a template's texts: a template is named after the module it belongs to."""

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return texts.gettext(message, _module_of(context))

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, count: int) -> str:
        return texts.ngettext(singular, plural, count, _module_of(context))

    return gettext, ngettext


def _module_of(context: Context) -> str:
    return (context.name or "").partition("/")[0]


def _slot_renderer(shell: Shell) -> Any:
    @pass_context
    def slot(context: Context, place: str) -> Markup:
        """Render the fragments that modules contribute to a place."""
        variables: Mapping[str, Any] = context.get_all()
        parts = [
            context.environment.get_template(fragment.template).render({**variables, **shell.slot_variables(fragment)})
            for fragment in shell.slots(place)
        ]
        return Markup("").join(Markup(part) for part in parts)  # noqa: S704  rendered by this autoescaping environment

    return slot


def _money(value: Money | int, currency: str = "EUR") -> str:
    money = value if isinstance(value, Money) else Money(value, currency)
    return money.format(_babel_locale())


def _date(value: date) -> str:
    return dates.format_date(value, format="medium", locale=_babel_locale())


def _datetime(value: datetime) -> str:
    return dates.format_datetime(value, format="medium", locale=_babel_locale())


def _number(value: int | float) -> str:
    return numbers.format_decimal(value, locale=_babel_locale())


def _countries() -> tuple[tuple[str, str], ...]:
    return countries(_babel_locale())


def _babel_locale() -> str:
    return current_context().locale
