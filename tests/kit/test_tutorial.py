"""The tutorial does what it says: whoever follows it ends with a module that passes everything."""

from pathlib import Path

import pytest

from orion_host.kit.catalogue import CHECKS
from tests.kit.tutorial import Reader, blocks_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/tutorial/wishlist.md"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whoever_follows_the_tutorial_ends_with_a_sound_module(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for block in blocks_of(PAGE):
        reader.follow(block)
    written = {path.relative_to(reader.folder).as_posix() for path in reader.folder.rglob("*") if path.is_file()}
    assert "src/orion_wishlist/migrations/wishlist_0002_create_wishes.py" in written


def test_it_names_only_checks_that_exist() -> None:
    known = {check.code for check in CHECKS}
    shown = {line.split()[1] for line in PAGE.read_text().splitlines() if line.startswith("FAIL ")}
    assert shown
    assert shown <= known
