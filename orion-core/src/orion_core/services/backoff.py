"""How long to wait before trying something again."""

import random
from datetime import timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=1)


def backoff(attempt: int) -> timedelta:
    """Return a wait that doubles with each attempt up to an hour, shortened by chance by up to a half.

    Chance keeps what failed together from coming back together.

    Args:
        attempt: Number of the attempt that failed, from 1.
    """
    wait: timedelta = min(FIRST * 2 ** min(attempt - 1, 20), LONGEST)
    return wait * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
