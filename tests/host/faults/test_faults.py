"""Each module in turn is broken, removed, behind and ahead: the rest serves and migrates, the report names it."""

from typing import Any

import pytest

from tests.host.faults.place import Place

WAYS = ("import", "collection", "mappers", "start-up")
OPTIONAL = ("gadgets", "widgets")
WELL = {"/health/live": 200, "/shop/{store}/": 200, "/login": 200}

pytestmark = pytest.mark.timeout(180)


def serves_the_rest(found: dict[str, Any], *, out: tuple[str, ...]) -> None:
    """Prove that everything works but what is out."""
    assert found.get("fatal") is None
    pages = {f"/shop/{{store}}/{name}": 404 if name in out else 200 for name in OPTIONAL}
    assert found["statuses"] == {**WELL, **pages}
    assert (found["ready"], found["status"]) == (200, "degraded" if out else "ok")
    assert {name for name, state in found["modules"].items() if state != "ok"} == set(out)


def is_restored(place: Place) -> None:
    """Prove that everything works once nothing is broken any more, and that nothing was lost."""
    found = place.run("gadgets", "nothing")
    serves_the_rest(found, out=())
    assert "Kiln day" in found["shown"]


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(("name", "out"), [("gadgets", OPTIONAL), ("widgets", ("widgets",))])
def test_a_broken_module_takes_only_those_along_that_require_it(
    name: str, out: tuple[str, ...], how: str, place: Place
) -> None:
    serves_the_rest(place.run(name, how), out=out)
    if how == WAYS[-1]:
        is_restored(place)


@pytest.mark.slow
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("name", ["core", "tenancy", "catalog"])
def test_a_broken_module_of_the_core_tier_stops_the_process_and_is_named(name: str, how: str, place: Place) -> None:
    assert f"{name}: " in place.run(name, how)["fatal"]


def test_a_setting_that_does_not_fit_is_told(place: Place) -> None:
    serves_the_rest(place.run("gadgets", "nothing", ORION_GADGETS_PAGE_SIZE="many"), out=OPTIONAL)
    fatal = place.run("gadgets", "nothing", ORION_CATALOG_PAGE_SIZE="many")["fatal"]
    assert "catalog.page_size from environment" in fatal


def test_a_removed_module_is_not_missed(place: Place) -> None:
    found = place.run("widgets", "removed")
    assert "widgets" not in found["modules"]
    assert found["statuses"]["/shop/{store}/gadgets"] == 200
    found = place.run("gadgets", "removed")
    assert (found["modules"]["widgets"], found["statuses"]["/login"]) == ("quarantined", 200)
    without_orders = place.run("orders", "removed")
    assert (without_orders["status"], without_orders["statuses"]["/shop/{store}/gadgets"]) == ("ok", 200)
    assert "customers: " in place.run("catalog", "removed")["fatal"], "of the core tier, and it needs the catalogue"
    assert "tenancy" in place.run("tenancy", "removed")["fatal"]
    is_restored(place)


@pytest.mark.parametrize(("name", "out"), [("gadgets", OPTIONAL), ("widgets", ("widgets",))])
def test_a_module_whose_tables_are_newer_than_its_code_is_out(name: str, out: tuple[str, ...], place: Place) -> None:
    with place.ahead(name):
        found = place.run(name, "nothing")
    serves_the_rest(found, out=out)
    assert "newer than its code" in found["modules"][name]
    assert any(line.startswith(f"{name}: left out") for line in found["migrated"])
    is_restored(place)


@pytest.mark.parametrize("name", ["core", "tenancy", "catalog"])
def test_a_module_of_the_core_tier_whose_tables_are_newer_stops_the_process(name: str, place: Place) -> None:
    with place.ahead(name):
        assert f"{name}: its tables are at {name}_0099" in place.run(name, "nothing")["fatal"]
