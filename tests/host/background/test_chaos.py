"""Everything is killed by chance while it works: effects happen once, in order, and soon."""

import random

import pytest

from tests.host.background.chaos import Storm, endure
from tests.host.background.stage import Stage

pytestmark = pytest.mark.usefixtures("broker")


@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_when_everything_is_killed(stage: Stage) -> None:
    endure(stage, random.randrange(10**6), Storm(events=300, runs=20, seconds=4, rounds=1, pause=(0.4, 1.0)))


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_nothing_is_lost_or_doubled_in_a_long_storm(stage: Stage) -> None:
    endure(stage, random.randrange(10**6), Storm(events=10_000, runs=500, seconds=120, rounds=6, pause=(0.5, 3.5)))
