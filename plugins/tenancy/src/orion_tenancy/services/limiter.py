"""Slows down guessing: sign-in attempts are counted per account and per address, over all processes."""

import hashlib
import math
import os
import time

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
        """Count an attempt and raise ``TooManyRequests`` if it is one too many."""
        limit = RateLimitItemPerMinute(per_minute)
        hashed = hashlib.sha256(account.strip().lower().encode()).hexdigest()
        keys = ("account", hashed), ("address", address)
        try:
            self._check(self._shared, limit, keys)
        except StorageError:
            log.warning("login_limiter_falls_back", reason="the shared storage does not answer")
            self._check(self._local, limit, keys)

    @staticmethod
    def _check(
        limiter: MovingWindowRateLimiter, limit: RateLimitItemPerMinute, keys: tuple[tuple[str, str], ...]
    ) -> None:
        # Each is counted, also when the first already refuses: who hammers one account uses up his address.
        refused = [key for key in keys if not limiter.hit(limit, *key)]
        if refused:
            free_at = max(limiter.get_window_stats(limit, *key).reset_time for key in refused)
            raise TooManyRequests(retry_after=max(1, math.ceil(free_at - time.time())))
