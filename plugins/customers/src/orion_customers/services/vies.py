"""Asks the EU's register whether a VAT number is in use. Anything but a clear yes or no is no answer."""

from dataclasses import dataclass

import httpx2
import structlog

log = structlog.get_logger(__name__)
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """``valid``, ``invalid`` or ``unavailable``, and the number under which the register remembers it."""

    status: str
    consultation: str = ""


def ask_register(url: str, value: str) -> Answer:
    """Ask about a VAT number; a network call, so never inside a transaction.

    Args:
        url: Address of the VIES REST service's ``check-vat-number``.
        value: The number in compact form, with its prefix.
    """
    body = {"countryCode": value[:2], "vatNumber": value[2:]}
    try:
        answer = httpx2.post(url, json=body, timeout=SECONDS)
        answer.raise_for_status()
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        log.warning("vies_unavailable", reason=type(error).__name__)
        return Answer("unavailable")
    valid = told.get("valid") if isinstance(told, dict) else None
    if not isinstance(valid, bool):
        return Answer("unavailable")
    return Answer("valid" if valid else "invalid", str(told.get("requestIdentifier") or ""))
