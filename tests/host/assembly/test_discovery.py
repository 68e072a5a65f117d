"""Which modules are installed."""

import importlib
from pathlib import Path

import pytest

from orion_host.assembly import InstalledModule
from orion_host.assembly.discovery import installed_modules, one_per_name
from tests.host.assembly.examples import Install, Problems


@pytest.fixture
def pip_install(tmp_path: Path, install: Install) -> None:
    """Two distributions, as pip leaves them, that both ship a module ``reviews``."""
    install("reviews")
    for name, version in [("acme-reviews", "1.2.0"), ("better-reviews", "3.0")]:
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        folder.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        folder.joinpath("entry_points.txt").write_text("[orion.modules]\nreviews = example_reviews.plugin\n")
    importlib.invalidate_caches()


@pytest.mark.usefixtures("pip_install")
def test_two_distributions_with_one_name_are_named_with_versions(problems: Problems) -> None:
    reviews = [module for module in installed_modules() if module.name == "reviews"]
    (problem,) = problems(*reviews)
    assert problem.module == "reviews"
    assert problem.message == "shipped by acme-reviews 1.2.0 and better-reviews 3.0"


def test_orion_core_is_found_among_the_installed_distributions() -> None:
    core = next(module for module in installed_modules() if module.name == "core")
    assert (core.plugin, core.package, core.distribution) == ("orion_core.plugin", "orion_core", "orion-commerce-core")


def test_an_entry_point_without_a_package_is_its_own_package() -> None:
    module = InstalledModule(name="solo", plugin="solo_plugin", distribution="solo", version="1")
    assert module.package == "solo_plugin"
    assert one_per_name([module]) == ([module], [])
