"""The browser files that the build fetched: complete, unchanged, licensed, and named by no address."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.core.ui.host import STATIC

VENDOR = STATIC / "vendor"
ASSETS = Path(__file__).parents[3] / "orion-core" / "assets"


def test_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text())["files"]
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == manifest


def test_every_package_comes_with_its_licence() -> None:
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert list(folder.glob("LICENSE*")), f"{folder.name} has no licence"


def test_lock_file_holds_no_address() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages.values())


def test_versions_are_exact() -> None:
    wanted = json.loads((ASSETS / "package.json").read_text())["dependencies"]
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


@pytest.mark.parametrize("name", ["htmx/htmx.min.js", "uplot/uPlot.iife.min.js", "tabler/tabler.min.css"])
def test_file_asks_for_nothing_from_elsewhere(name: str) -> None:
    loaded = re.findall(
        r"(?:@import\s|url\(|importScripts\(|import\()\s*[\"']?(?:https?:)?//[^\"')]+",
        (VENDOR / name).read_text(),
    )
    assert loaded == []
