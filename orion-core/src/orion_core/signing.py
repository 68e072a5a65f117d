"""Signed links: a token that stands for a record and cannot be guessed, without being kept anywhere."""

from cryptography.fernet import InvalidToken

from orion_core.context import current_context
from orion_core.errors import NotFound
from orion_core.runtime import current_runtime


def sign(purpose: str, value: str) -> str:
    """Return a token for ``value`` that only this installation can have made, for the current tenant.

    Args:
        purpose: What it opens, ``orders.track``; a token of one purpose opens nothing else.
        value: What it stands for, such as an id.
    """
    return current_runtime().cipher.encrypt(_text(purpose, value).encode()).decode().rstrip("=")


def unsign(purpose: str, token: str, *, max_age: int | None = None) -> str:
    """Return what a token stands for.

    Args:
        purpose: What it has to open.
        token: Made by ``sign``.
        max_age: Seconds for which it is good; for ever if omitted.

    Raises:
        NotFound: If it is not one of ours, of another tenant or purpose, or too old: these are never told apart.
    """
    padded = token + "=" * (-len(token) % 4)
    try:
        text = current_runtime().cipher.decrypt(padded.encode(), ttl=max_age).decode()
    except (InvalidToken, ValueError) as error:
        raise NotFound("this link is not valid or no longer so") from error
    value = text.rpartition("\n")[2]
    if text != _text(purpose, value):
        raise NotFound("this link is not valid or no longer so")
    return value


def _text(purpose: str, value: str) -> str:
    context = current_context()
    return f"{purpose}\n{context.store_id or context.platform_id}\n{value}"
