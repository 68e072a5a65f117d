"""``orion plugin check``: what it says to people, to programs and to the shell."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orion_host.kit.catalogue import CHECKS
from tests.kit.generated import copied
from tests.kit.mutations.making import LIST, swap

ORION = [sys.executable, "-m", "orion_host", "plugin", "check"]


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    return subprocess.run(
        [*ORION, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def broken(plugin: Path, tmp_path: Path) -> Path:
    folder = copied(plugin, tmp_path)
    swap(LIST, "{{ row.title }}</a>", "{{ row.title|safe }}</a>")(folder)
    return folder


def test_it_checks_the_module_of_the_distribution_it_stands_in(plugin: Path) -> None:
    answer = check(plugin)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"{len(CHECKS)} checks, 0 findings" in answer.stdout


def test_a_finding_is_told_with_its_place_and_what_to_do_and_fails(broken: Path) -> None:
    answer = check(broken, "gadgets", "--only", "escaping", "--only", "templates")
    assert answer.returncode == 1
    assert "FAIL escaping" in answer.stdout
    assert "escaping: templates/gadgets/store/list.html:" in answer.stdout
    assert "2 checks, 1 findings" in answer.stdout


def test_programs_get_findings_as_json(broken: Path) -> None:
    answer = check(broken, "gadgets", "--only", "escaping", "--json")
    assert answer.returncode == 1
    (finding,) = json.loads(answer.stdout)
    assert (finding["check"], finding["fact"]) == ("escaping", "uses |safe.")


def test_the_checks_are_listed(plugin: Path) -> None:
    rows = json.loads(check(plugin, "--list", "--json").stdout)
    assert [row["code"] for row in rows] == [each.code for each in CHECKS]
    assert all(row["title"] and row["proves"] for row in rows)


def test_an_unknown_module_or_check_is_named(plugin: Path, tmp_path: Path) -> None:
    unknown = check(plugin, "gadget")
    assert unknown.returncode == 1
    assert "Did you mean 'gadgets'?" in unknown.stderr
    assert "Did you mean 'escaping'?" in check(plugin, "gadgets", "--only", "escape").stderr
    (tmp_path / "src").mkdir()
    assert "name a module" in check(tmp_path).stderr
