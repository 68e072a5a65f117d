"""The commands, run as a person runs them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orion_catalog.commands import app
from orion_core.context import RequestContext, use_context
from orion_core.errors import NotFound
from orion_host.testing import Stage
from tests.modules.catalog.market import Market, feed

ROWS = [("1", "Red mug", "Holds tea", "12.50"), ("2", "", "", "1.00")]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "feed.tsv"
    path.write_bytes(feed(*ROWS))
    return str(path)


def test_import_answers_with_one_line_of_json(stage: Stage, market: Market, file: str) -> None:
    with use_context(RequestContext()):
        answer = CliRunner().invoke(app, ["import", file, "--store", "mine", "--json"], catch_exceptions=False)
        again = CliRunner().invoke(app, ["import", file, "--store", "mine", "--json"], catch_exceptions=False)
    assert answer.exit_code == again.exit_code == 0
    counts = [json.loads(result.stdout.splitlines()[-1]) for result in (answer, again)]
    names = ("rows", "created", "updated", "unchanged", "rejected")
    assert [tuple(count[name] for name in names) for count in counts] == [(2, 1, 0, 0, 1), (2, 0, 0, 1, 1)]


def test_import_tells_people_what_became_of_the_rows(stage: Stage, market: Market, file: str) -> None:
    with use_context(RequestContext()):
        answer = CliRunner().invoke(app, ["import", file, "--store", "mine"], catch_exceptions=False)
        indexed = CliRunner().invoke(app, ["reindex", "--store", "mine", "--json"], catch_exceptions=False)
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected." in answer.stdout
    assert json.loads(indexed.stdout.splitlines()[-1]) == {"products": 1}


def test_an_unknown_store_is_named(stage: Stage, market: Market, file: str) -> None:
    with use_context(RequestContext()), pytest.raises(NotFound, match="nowhere"):
        CliRunner().invoke(app, ["import", file, "--store", "nowhere"], catch_exceptions=False)
