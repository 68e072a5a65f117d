"""Stock from a file: every row is accounted for, and the same file again changes nothing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orion_core.context import RequestContext, use_context
from orion_core.db import unit_of_work
from orion_core.ids import new_id
from orion_inventory.commands import app
from orion_inventory.exceptions import FileUnusable
from orion_inventory.services import demand as stock
from tests.modules.inventory.shelves import add_variant, assert_proven, counters, kinds

ROWS = """sku;location;quantity
A-1;main;7
A-2;main;0
A-1;main;8
Z-9;main;1
A-1;moon;1
A-3;main;many
A-4;main;1
"""


def run(store: RequestContext, path: Path, *options: str) -> Result:
    with use_context(RequestContext()):
        command = ["import", str(path), "--store", store.store.code, *options]
        return CliRunner().invoke(app, command, catch_exceptions=False)


def test_rows_are_set_refused_and_left_alone(store: RequestContext, tmp_path: Path) -> None:
    one, two, three = add_variant("A-1", {"main": 5}), add_variant("A-2"), add_variant("A-3")
    four = add_variant("A-4", {"main": 5})
    with unit_of_work() as session:
        stock.allocate(session, new_id(), None, {four: 3})
    path = tmp_path / "stock.csv"
    path.write_text("\ufeff" + ROWS)
    first, again = (json.loads(run(store, path, "--json").stdout.splitlines()[-1]) for _ in range(2))
    assert (first["rows"], first["changed"], first["unchanged"]) == (7, 1, 1)
    assert {row["row"]: row["reason"] for row in first["refused"]} == {
        3: "this article and location were named before",
        4: "there is no article with this number",
        5: "there is no location 'moon'",
        6: "'many' is not a number of pieces",
        7: "3 pieces are promised to orders",
    }
    assert (again["changed"], again["unchanged"], again["refused"]) == (0, 2, first["refused"])
    assert (counters(one), counters(two), counters(three)) == ({"main": (7, 0, 0)}, {"main": (0, 0, 0)}, {})
    assert kinds(one) == ["receipt", "adjustment"]
    assert_proven(store)


def test_people_are_told_what_became_of_the_rows(store: RequestContext, tmp_path: Path) -> None:
    add_variant("A-1", {"main": 5})
    path = tmp_path / "stock.csv"
    path.write_text("location,quantity,sku\nmain,2,A-1\nmain,2,B-1\n")
    answer = run(store, path)
    assert "2 rows: 1 changed, 0 unchanged, 1 refused." in answer.stdout
    path.write_text("sku,count\nA-1,2\n")
    with pytest.raises(FileUnusable, match="location, quantity"):
        run(store, path)
