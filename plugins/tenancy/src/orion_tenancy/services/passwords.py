"""Passwords: what is accepted, and verification that takes as long for an unknown account."""

import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from orion_tenancy.exceptions import WeakPassword

MIN_LENGTH = 10


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def verify_password(password: str, known: str | None) -> bool:
    """Tell whether a password fits; without a known hash the work is done and the answer is no."""
    fits = _hasher().verify(password, known or _nobodys_hash())
    return fits and known is not None


def check_strength(password: str, email: str) -> None:
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
