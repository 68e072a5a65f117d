"""Outside authors are not broken: what a contract version promised holds until the next major version."""

import json
from typing import Any

import pytest

from orion_core import CONTRACT_VERSION
from tests.architecture.contract import FOLDER, contract, snapshot

MAJOR = CONTRACT_VERSION.partition(".")[0]
EARLIER = sorted(path.stem for path in FOLDER.glob(f"{MAJOR}.*.json"))


def broken_promises(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what code written for the old contract would miss in the new one."""
    found = [f"orion_core.{name} is gone" for name in old["front_door"] if name not in new["front_door"]]
    for hook, arguments in old["hooks"].items():
        found += [f"{hook}({name}) is gone" for name in arguments if name not in new["hooks"].get(hook, ())]
        found += [] if hook in new["hooks"] else [f"{hook} is gone"]
    for cls, fields in old["types"].items():
        now = new["types"].get(cls, {})
        found += [f"{cls}.{name} is gone" for name in fields if name not in now]
        found += [f"{cls}.{name} is required now" for name in now if now[name] > fields.get(name, "optional")]
    return found


def test_the_snapshot_of_the_present_version_is_current() -> None:
    told = "raise CONTRACT_VERSION if something was added, then run: python -m tests.architecture.contract"
    assert json.loads(snapshot(CONTRACT_VERSION).read_text()) == contract(), told


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_version_of_this_major_still_holds(version: str) -> None:
    assert broken_promises(json.loads(snapshot(version).read_text()), contract()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda new: new["front_door"].remove("MenuItem"), "orion_core.MenuItem is gone"),
        (lambda new: new["hooks"].pop("orion_menus"), "orion_menus is gone"),
        (lambda new: new["hooks"]["orion_demo"].remove("world"), "orion_demo(world) is gone"),
        (lambda new: new["types"]["MenuItem"].pop("icon"), "MenuItem.icon is gone"),
        (lambda new: new["types"]["MenuItem"].update(icon="required"), "MenuItem.icon is required now"),
        (lambda new: new["types"]["MenuItem"].update(badge="required"), "MenuItem.badge is required now"),
    ],
)
def test_a_broken_promise_is_told(change: Any, told: str) -> None:
    new = json.loads(json.dumps(contract()))
    change(new)
    assert told in broken_promises(contract(), new)


def test_something_added_breaks_nobody() -> None:
    new = json.loads(json.dumps(contract()))
    new["hooks"]["orion_more"] = []
    new["types"]["MenuItem"]["badge"] = "optional"
    assert broken_promises(contract(), new) == []
