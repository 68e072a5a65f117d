"""``orion plugin new``: what it writes is clean whatever the name, and what it refuses it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orion_host.assembly.discovery import installed_modules
from orion_host.cli.plugin import app
from orion_host.kit.naming import NameRefused, choose_names
from orion_host.kit.writing import FolderExists
from tests.kit.generated import generate


def run(*command: str, cwd: Path) -> str:
    answer = subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.mark.parametrize("name", ["ab", "wishlist", "gift-cards", "a_name_of_thirty_one_characters"])
def test_what_it_writes_is_formatted_and_clean_whatever_the_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "plugin"
    names = generate(folder, name)
    assert (folder / "src" / names.package / "py.typed").is_file()
    assert (folder / "src" / names.package / "migrations" / f"{names.name}_0001_create_entries.py").is_file()
    run("ruff", "check", "--no-cache", ".", cwd=folder)
    run("ruff", "format", "--no-cache", "--check", ".", cwd=folder)


def test_its_types_hold(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPY_CACHE_DIR", os.devnull)
    assert "Success" in run("mypy", cwd=plugin)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x", "2 to 31"),
        ("Wishlist", "small letters"),
        ("1st", "start with a letter"),
        ("class", "means something"),
        ("user", "means something"),
        ("public", "means something"),
        ("pg_things", "means something"),
        ("catalog", "already installed, from orion-commerce-catalog"),
        ("db", "command of the host"),
        ("host", "already a package orion_host"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(NameRefused, match=reason):
        choose_names(name, installed_modules(), taken=["db", "modules"])


def test_a_requirement_that_is_not_installed_is_refused_with_a_guess() -> None:
    with pytest.raises(NameRefused, match="Did you mean 'catalog'"):
        choose_names("wishlist", installed_modules(), requires=["catalogue"])


def test_no_prefix_is_forced_on_an_outside_author() -> None:
    assert choose_names("wishlist", installed_modules()).distribution == "orion-wishlist"
    assert choose_names("wishlist", installed_modules(), distribution="acme-lists").distribution == "acme-lists"
    with pytest.raises(NameRefused, match="cannot be called"):
        choose_names("wishlist", installed_modules(), distribution="Acme Lists")


def test_it_depends_on_the_distributions_of_what_it_requires() -> None:
    names = choose_names("wishlist", installed_modules(), requires=["catalog"])
    assert names.requires == ("core", "tenancy", "catalog")
    assert [each.partition(">=")[0] for each in names.dependencies] == [
        "orion-commerce-catalog",
        "orion-commerce-core",
        "orion-commerce-tenancy",
    ]


def test_it_never_writes_over_something(tmp_path: Path) -> None:
    (tmp_path / "orion-wishlist").mkdir()
    (tmp_path / "orion-wishlist" / "mine.txt").write_text("mine")
    answer = CliRunner().invoke(app, ["new", "wishlist", "--output", str(tmp_path / "orion-wishlist")])
    assert isinstance(answer.exception, FolderExists)
    assert (tmp_path / "orion-wishlist" / "mine.txt").read_text() == "mine"


def test_it_tells_the_next_steps(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["new", "wishlist", "--output", str(tmp_path / "here")], catch_exceptions=False)
    assert answer.exit_code == 0
    for step in (f"cd {tmp_path / 'here'}", "orion plugin check wishlist", "pytest", "orion up --demo"):
        assert step in answer.stdout
