"""What an invoice has to say about a tax decision that was made before, in the invoice's language."""

from functools import lru_cache
from pathlib import Path

from orion_core.i18n import texts_of
from orion_core.tax.decision import said

_LOCALES = Path(__file__).parent.parent / "locales"


def mention(reason: str, country: str, locale: str) -> tuple[str, str]:
    """Return VATEX code and text of a decision; both are empty if nothing has to be said.

    Args:
        reason: The decision's reason.
        country: Whose tax it is, ISO 3166-1 alpha-2.
        locale: Language of the text.
    """
    vatex, text = said(reason, country)
    return vatex or "", str(_texts(locale).get(text, text))


@lru_cache(maxsize=8)
def _texts(locale: str) -> dict[str, str | tuple[str, ...]]:
    return texts_of(_LOCALES, locale)
