"""The workspace agrees with itself: members, versions, linter roots, the one place that commits."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from orion_host.kit.sources import parse
from tests.architecture.test_sizes import ROOT, sources

MEMBERS = [ROOT / "orion-core", ROOT / "host", *sorted((ROOT / "plugins").iterdir())]
COMMITTERS = {"db/session.py", "web/routing.py", "migrations/runner.py"}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


@pytest.mark.parametrize("member", MEMBERS, ids=lambda path: path.name)
def test_every_distribution_has_the_same_version_and_prefix(member: Path) -> None:
    project = read(member / "pyproject.toml")["project"]
    assert project["name"] == f"orion-commerce-{member.name.removeprefix('orion-')}"
    assert project["version"] == read(ROOT / "pyproject.toml")["project"]["version"]


def test_the_root_depends_on_every_member() -> None:
    names = {read(member / "pyproject.toml")["project"]["name"] for member in MEMBERS}
    assert set(read(ROOT / "pyproject.toml")["project"]["dependencies"]) == names


def test_the_import_linter_knows_every_package() -> None:
    packages = {path.parent.name for member in MEMBERS for path in member.glob("src/*/__init__.py")}
    config = read(ROOT / "pyproject.toml")["tool"]
    assert set(config["importlinter"]["root_packages"]) == packages
    assert packages <= set(config["mypy"]["packages"])


@pytest.mark.parametrize("member", MEMBERS, ids=lambda path: path.name)
def test_every_distribution_is_typed_and_introduced(member: Path) -> None:
    (package,) = member.glob("src/*")
    assert (package / "py.typed").is_file()
    assert len((member / "README.md").read_text().splitlines()) > 5, "the README says what it owns"


def test_only_the_kernel_commits() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if not str(path).endswith(tuple(COMMITTERS))
        for node in ast.walk(parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not offenders


def test_no_lock_file_or_registry_address_is_tracked() -> None:
    ignored = (ROOT / ".gitignore").read_text()
    assert "uv.lock" in ignored
    lock = ROOT / "orion-core/assets/package-lock.json"
    assert not re.search(r'"resolved":\s*"http', lock.read_text())
