"""Passwords: what is accepted, and verification that takes as long for an unknown account."""

import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from orion_core.errors import InvalidInput

MIN_LENGTH = 10


class WeakPassword(InvalidInput):
    """The password is too short, or others could guess it."""

    code = "weak_password"
    title = "This password is too easy to guess"


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(password)


def verify_password(password: str, known: str | None) -> bool:
    """Tell whether a password fits; without a known hash the work is done and the answer is no.

    Args:
        password: What was typed.
        known: The hash kept, or ``None`` for an account that does not exist or has no password.
    """
    fits = _hasher().verify(password, known or _nobodys_hash())
    return fits and known is not None


def check_strength(password: str, email: str) -> None:
    """Refuse a password that is too weak.

    Args:
        password: What was chosen.
        email: The account's address, which must not be the password.

    Raises:
        WeakPassword: If it is too short or easily guessed.
    """
    if len(password) < MIN_LENGTH:
        text = f"Use at least {MIN_LENGTH} characters"
        raise WeakPassword(text, errors={"password": text})
    if password.strip().lower() in {email, email.partition("@")[0]} or len(set(password)) < 4:
        text = "Use something that others cannot guess"
        raise WeakPassword(text, errors={"password": text})


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe())
