"""Slows down guessing: sign-in attempts are counted per account and per address, over all processes."""

import hashlib
import math
import os
import time
from collections.abc import Callable

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from orion_core.errors import TooManyRequests

log = structlog.get_logger(__name__)


class LoginLimiter:
    """Counts attempts in ``shared``; where that does not answer, in this process alone.

    Args:
        shared: Where all processes count; ``None`` counts in this process.
    """

    def __init__(self, shared: Storage | None = None) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(shared) if shared is not None else self._local

    @classmethod
    def from_environment(cls) -> "LoginLimiter":
        url = os.environ.get("ORION_BROKER_URL", "")
        if not url.startswith(("redis://", "rediss://")):
            return cls()
        storage = storage_from_string(url, wrap_exceptions=True, key_prefix="orion:sign-in")
        return cls(storage if isinstance(storage, Storage) else None)

    def check(self, account: str, address: str, per_minute: int) -> None:
        """Count an attempt on the account; raise ``TooManyRequests`` if it is one too many, or the address has failed
        too often."""
        limit = RateLimitItemPerMinute(per_minute)
        keys = _account(account), ("address", address)
        self._count(lambda limiter: _check(limiter, limit, *keys))

    def failed(self, address: str, per_minute: int) -> None:
        """Count a refused attempt of the address; successes do not count, many colleagues may share one."""
        limit = RateLimitItemPerMinute(per_minute)
        self._count(lambda limiter: limiter.hit(limit, "address", address))

    def succeeded(self, account: str, per_minute: int) -> None:
        """Forget the attempts on an account whose owner has just proven to know the password."""
        limit = RateLimitItemPerMinute(per_minute)
        self._count(lambda limiter: limiter.clear(limit, *_account(account)))

    def _count(self, act: Callable[[MovingWindowRateLimiter], object]) -> None:
        try:
            act(self._shared)
        except StorageError:
            log.warning("login_limiter_falls_back", reason="the shared storage does not answer")
            act(self._local)


def _account(account: str) -> tuple[str, str]:
    return "account", hashlib.sha256(account.strip().lower().encode()).hexdigest()


def _check(
    limiter: MovingWindowRateLimiter, limit: RateLimitItemPerMinute, account: tuple[str, str], address: tuple[str, str]
) -> None:
    # Both are asked, also when the first already refuses: who hammers one account uses up his address.
    refused = [] if limiter.hit(limit, *account) else [account]
    refused += [] if limiter.test(limit, *address) else [address]
    if refused:
        limiter.hit(limit, *address)
        free_at = max(limiter.get_window_stats(limit, *key).reset_time for key in refused)
        raise TooManyRequests(retry_after=max(1, math.ceil(free_at - time.time())))
