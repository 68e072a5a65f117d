"""Column types of our own."""

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from orion_core.context import current_context
from orion_core.runtime import current_runtime


def _cipher() -> MultiFernet:
    return current_runtime().cipher


class EncryptedText(TypeDecorator[str]):
    """Text encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA-256) and bound to its tenant.

    The tenant's id travels inside the cipher text, so a value copied to another tenant's row does not decrypt.

    Raises:
        ValueError: On reading a value of another tenant, or one no configured key opens.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else _cipher().encrypt(f"{_owner()}\n{value}".encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return _open(value) if value else value  # a neutralised copy holds empty texts


def _owner() -> str:
    context = current_context()
    return str(context.store_id or context.merchant_id or context.platform_id or "installation")


def _open(token: str) -> str:
    try:
        owner, _, value = _cipher().decrypt(token.encode()).decode().partition("\n")
    except InvalidToken as error:
        raise ValueError("no configured ORION_SECRET_KEY opens this value") from error
    if owner != _owner():
        raise ValueError("this encrypted value belongs to another tenant")
    return value
