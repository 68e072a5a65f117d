"""The written reference is what the code says today."""

from collections.abc import Callable

import pytest

from tests.architecture.reference import FOLDER, PAGES


@pytest.mark.parametrize(("name", "write"), PAGES.items())
def test_a_reference_page_is_current(name: str, write: Callable[[], str]) -> None:
    assert (FOLDER / name).read_text() == write(), "run: python -m tests.architecture.reference"
