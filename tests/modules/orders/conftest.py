"""Works for one of the market's two stores."""

from collections.abc import Iterator

import pytest

from orion_core.context import RequestContext, use_context
from orion_core.testing import Market


@pytest.fixture
def store(market: Market) -> Iterator[RequestContext]:
    """The store the test works for; its context is current."""
    with use_context(market.mine):
        yield market.mine
